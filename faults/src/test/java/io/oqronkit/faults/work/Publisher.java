package io.oqronkit.faults.work;

import io.oqronkit.pubsub.OutgoingMessage;
import io.oqronkit.pubsub.PubSub;
import io.oqronkit.pubsub.PublishOutcomeUnknownException;
import io.oqronkit.pubsub.PublishReceipt;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.pubsub.runtime.OqronPubSub;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Publishes at a steady rate until it has sent {@code count} messages (0: for ever) or gets SIGTERM, then waits for the
 * outcome of each. Ledger: {@code intent task key hash} before the call, then {@code acked task id},
 * {@code failed task why} or {@code unknown task why}; {@code heap MB} each second; {@code event} and what the library tells;
 * {@code done} at the end.
 */
final class Publisher {

    private final Settings settings;
    private final Ledger ledger;
    private final String name;
    private volatile boolean stopped;

    private Publisher(Settings settings, Ledger ledger) {
        this.settings = settings;
        this.ledger = ledger;
        this.name = settings.text("name", "publisher");
    }

    public static void main(String[] args) {
        Settings settings = Settings.ofThisProcess();
        try (Ledger ledger = Ledger.open(Path.of(settings.text("ledger", "")))) {
            Publisher publisher = new Publisher(settings, ledger);
            Thread main = Thread.currentThread();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> publisher.stopAndWaitFor(main)));
            publisher.run();
        }
        Runtime.getRuntime().halt(0);
    }

    private void stopAndWaitFor(Thread main) {
        stopped = true;
        try {
            main.join(TimeUnit.SECONDS.toMillis(30));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try (PubSub pubSub = OqronPubSub.builder(Servers.client(settings.text("uri", "")))
                .codec(new Task.Codec())
                .instanceName(name)
                .publishTimeout(settings.millis("publishTimeoutMs", Duration.ofSeconds(10)))
                .durability(settings.durability())
                .listener(event -> ledger.write("event", event))
                .build()) {
            publish(pubSub.topic(settings.topic()));
        }
        ledger.write("done");
    }

    private void publish(Topic<Task> topic) {
        Mix mix = new Mix(settings.text("mix", ""), settings.number("seed", 0), settings.number("padding", 0));
        int count = settings.number("count", 0);
        int rate = settings.number("rate", 200);
        long started = System.nanoTime();
        long heapLine = 0;
        ledger.write("ready");
        for (int sent = 0; !stopped && (count == 0 || sent < count); ) {
            double elapsed = (System.nanoTime() - started) / 1e9;
            if (elapsed >= heapLine) {
                heapLine++;
                ledger.write("heap", usedMegabytes());
            }
            if (sent >= elapsed * rate) {
                LockSupport.parkNanos(1_000_000);
            } else {
                send(topic, mix.next(name + "-" + ++sent), sent);
            }
        }
    }

    private void send(Topic<Task> topic, Task task, int number) {
        int keys = settings.number("keys", 0);
        OutgoingMessage<Task> message = OutgoingMessage.of(task);
        String key = keys == 0 ? "" : "k" + number % keys;
        ledger.write("intent", task.id(), key, Task.hash(task.encoded()), task.action(), task.amount());
        topic.publishAsync(keys == 0 ? message : message.key(key))
                .whenComplete((receipt, failure) -> noteOutcome(task, receipt, failure));
    }

    private void noteOutcome(Task task, @Nullable PublishReceipt receipt, @Nullable Throwable failure) {
        if (receipt != null) {
            ledger.write("acked", task.id(), receipt.id());
            return;
        }
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        String kind = cause instanceof PublishOutcomeUnknownException ? "unknown" : "failed";
        ledger.write(kind, task.id(), String.valueOf(cause).replaceAll("\\s+", " "));
    }

    private static long usedMegabytes() {
        Runtime runtime = Runtime.getRuntime();
        return (runtime.totalMemory() - runtime.freeMemory()) >> 20;
    }
}
