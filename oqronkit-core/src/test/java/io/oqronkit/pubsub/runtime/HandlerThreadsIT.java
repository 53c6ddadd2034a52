package io.oqronkit.pubsub.runtime;

import static io.oqronkit.pubsub.runtime.Groups.group;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.oqronkit.pubsub.Topic;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import io.oqronkit.redis.embedded.junit.EmbeddedRedisExtension;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What handlers run on. Which of the two stories of virtual threads is told depends on the JVM. */
@ExtendWith(EmbeddedRedisExtension.class)
class HandlerThreadsIT {

    private static final boolean THERE_ARE_VIRTUAL_THREADS = Runtime.version().feature() >= 21;

    @RegisterExtension
    final PubSubs pubSubs = new PubSubs();

    @Test
    void areThoseOfTheOperatingSystemUnlessAskedOtherwise(EmbeddedRedis redis) throws Exception {
        Thread thread = handlerThread(redis, builder -> builder);

        assertThat(thread.getName()).isEqualTo("oqronkit-orders/billing-handler-1");
        assertThat(isVirtual(thread)).isFalse();
        assertThat(thread.isDaemon()).isFalse();
    }

    @Test
    void areVirtualOnDemandWhereTheJvmHasThem(EmbeddedRedis redis) throws Exception {
        if (!THERE_ARE_VIRTUAL_THREADS) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> handlerThread(redis, builder -> builder.virtualThreads(true)))
                    .withMessageContaining("Java 21 or newer");
            return;
        }
        Thread thread = handlerThread(redis, builder -> builder.virtualThreads(true));

        assertThat(isVirtual(thread)).isTrue();
        assertThat(thread.getName()).isEqualTo("oqronkit-orders/billing-handler-1");
    }

    /** Also closes the PubSub meanwhile, so that the threads are seen to end. */
    private Thread handlerThread(EmbeddedRedis redis, UnaryOperator<OqronPubSub> settings) throws Exception {
        Topic<OrderEvent> orders = pubSubs.open(redis, settings).topic("orders", OrderEvent.class);
        CompletableFuture<Thread> handler = new CompletableFuture<>();
        var subscription =
                orders.subscribe(group("billing").handler(context -> handler.complete(Thread.currentThread())));
        orders.publish(OrderEvent.number(1));
        Thread thread = handler.get(10, TimeUnit.SECONDS);
        subscription.close();
        thread.join(10_000);
        assertThat(thread.isAlive()).isFalse();
        return thread;
    }

    private static boolean isVirtual(Thread thread) throws ReflectiveOperationException {
        return THERE_ARE_VIRTUAL_THREADS
                && (boolean) Thread.class.getMethod("isVirtual").invoke(thread);
    }
}
