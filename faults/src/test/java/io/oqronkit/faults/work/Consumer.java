package io.oqronkit.faults.work;

import io.oqronkit.pubsub.Backoff;
import io.oqronkit.pubsub.MessageContext;
import io.oqronkit.pubsub.PubSub;
import io.oqronkit.pubsub.SubscriptionSpec;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.pubsub.runtime.OqronPubSub;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Handles what comes, for each of its groups, until it is killed or gets SIGTERM. Ledger: {@code start n group id task
 * key attempt token hash} and {@code end n ok|threw|lost}, the latter before the library is told; {@code event} and what
 * the library tells; {@code closed} after a good end.
 */
final class Consumer {

    private final Settings settings;
    private final Ledger ledger;
    private final AtomicInteger number = new AtomicInteger();

    private Consumer(Settings settings, Ledger ledger) {
        this.settings = settings;
        this.ledger = ledger;
    }

    public static void main(String[] args) {
        Settings settings = Settings.ofThisProcess();
        Ledger ledger = Ledger.open(Path.of(settings.text("ledger", "")));
        StarvationWatch.start(ledger);
        PubSub pubSub = new Consumer(settings, ledger).open();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            pubSub.close();
            ledger.write("closed");
        }));
        ledger.write("ready");
    }

    private PubSub open() {
        PubSub pubSub = OqronPubSub.builder(Servers.client(settings.text("uri", "")))
                .codec(new Task.Codec())
                .instanceName(settings.text("name", "consumer"))
                .listener(event -> ledger.write("event", event))
                .shutdownTimeout(settings.millis("shutdownTimeoutMs", Duration.ofSeconds(20)))
                .build();
        Topic<Task> topic = pubSub.topic(settings.topic());
        settings.groups().forEach(group -> topic.subscribe(spec(group)));
        return pubSub;
    }

    private SubscriptionSpec<Task> spec(String group) {
        return SubscriptionSpec.<Task>group(group)
                .mode(settings.mode())
                .concurrency(settings.concurrency())
                .ackDeadline(settings.ackDeadline())
                .maxRetries(settings.maxAttempts() - 1)
                .backoff(Backoff.of(Duration.ofMillis(settings.number("backoffMs", 50)), 1, Duration.ofSeconds(1), 0.2))
                .handler(this::handle);
    }

    private void handle(MessageContext<Task> context) throws InterruptedException {
        int n = number.incrementAndGet();
        Task task = context.message();
        String key = context.key() == null ? "" : context.key();
        ledger.write(
                "start",
                n,
                context.group(),
                context.id(),
                task.id(),
                key,
                context.attempt(),
                context.fencingToken(),
                Task.hash(task.encoded()));
        try {
            act(task, context);
            ledger.write("end", n, context.isLeaseLost() ? "lost" : "ok");
        } catch (RuntimeException | InterruptedException e) {
            ledger.write("end", n, "threw");
            throw e;
        }
    }

    private void act(Task task, MessageContext<Task> context) throws InterruptedException {
        int perMessage = settings.number("handlerMs", 0);
        if (perMessage > 0) {
            Thread.sleep(perMessage);
        }
        switch (task.action()) {
            case SLOW -> Thread.sleep(task.amount());
            case FLAKY -> {
                if (context.attempt() <= task.amount()) {
                    throw new IllegalStateException("flaky");
                }
            }
            case POISON -> {
                Thread.sleep(task.amount());
                throw new IllegalStateException("poison");
            }
            case HALT -> Runtime.getRuntime().halt(1);
            case NOTHING, JUNK -> {
                // done
            }
        }
    }
}
