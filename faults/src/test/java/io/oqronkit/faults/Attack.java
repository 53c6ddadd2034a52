package io.oqronkit.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.oqronkit.faults.harm.Harm;
import io.oqronkit.faults.harm.HarmLog;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** What is done to the server and the consumers of a run, and noted. */
final class Attack {

    private final EmbeddedRedis redis;
    private final HarmLog harms;

    Attack(EmbeddedRedis redis, HarmLog harms) {
        this.redis = redis;
        this.harms = harms;
    }

    /** How long a fault lasts, or what a random plan leaves between two of them; never a wait for an effect. */
    static void hold(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }

    /** Killed, and back after a while. */
    void killRedis(Duration away) {
        harms.during(Harm.Kind.KILL_REDIS, Harm.ALL, () -> {
            redis.kill();
            hold(away);
            redis.restart();
        });
    }

    void stopRedis(Duration frozen) {
        harms.during(Harm.Kind.STOP_REDIS, Harm.ALL, () -> {
            redis.pause();
            hold(frozen);
            redis.resume();
        });
    }

    void kill(Child consumer) {
        harms.during(Harm.Kind.KILL_CONSUMER, consumer.name(), consumer::kill);
    }

    void stop(Child consumer, Duration frozen) {
        harms.during(Harm.Kind.STOP_CONSUMER, consumer.name(), () -> {
            consumer.stop();
            hold(frozen);
            consumer.cont();
        });
    }

    /** As a deployment ends it. */
    void term(Child consumer) {
        harms.during(Harm.Kind.TERM_CONSUMER, consumer.name(), () -> {
            consumer.term();
            assertThat(consumer.awaitEnd(30))
                    .as("%s ends after SIGTERM", consumer.name())
                    .isTrue();
        });
    }
}
