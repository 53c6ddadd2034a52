package io.oqronkit.pubsub.runtime;

import io.lettuce.core.RedisClient;
import io.oqronkit.guide.GuideUsers;
import io.oqronkit.pubsub.OutgoingMessage;
import io.oqronkit.pubsub.PublishReceipt;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Publishes delayed messages in a JVM of its own until it is killed. Once a publish has returned it appends
 * {@code <number> <when it is due>} to a ledger; the number is the message's key.
 */
final class PublisherProcess implements AutoCloseable {

    private final Path ledger;
    private final Process jvm;

    private PublisherProcess(Path ledger, Process jvm) {
        this.ledger = ledger;
        this.jvm = jvm;
    }

    static PublisherProcess start(EmbeddedRedis redis, Path ledger) throws IOException {
        Files.writeString(ledger, "");
        Process jvm = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        GuideUsers.app(redis),
                        ledger.toString())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        return new PublisherProcess(ledger, jvm);
    }

    /** Of each message whose publish has returned: its number, and when it is due. */
    Map<String, Instant> published() throws IOException {
        return Files.readAllLines(ledger).stream()
                .map(line -> line.split(" "))
                .filter(parts -> parts.length == 2 && parts[1].endsWith("Z"))
                .collect(Collectors.toMap(parts -> parts[0], parts -> Instant.parse(parts[1])));
    }

    /** SIGKILL. */
    void kill() throws InterruptedException {
        jvm.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        jvm.destroyForcibly();
    }

    /** Runs in the other JVM until it is killed. */
    static final class Main {

        private Main() {}

        public static void main(String[] args) throws IOException {
            Topic<OrderEvent> orders =
                    OqronPubSub.builder(RedisClient.create(args[0])).build().topic("orders", OrderEvent.class);
            for (int number = 1; ; number++) {
                PublishReceipt receipt = orders.publish(OutgoingMessage.of(OrderEvent.number(number))
                        .key(Integer.toString(number))
                        .delay(Duration.ofMillis(1 + number * 37L % 1_500)));
                Files.writeString(
                        Path.of(args[1]),
                        number + " " + receipt.scheduledFor().orElseThrow() + "\n",
                        StandardOpenOption.APPEND);
            }
        }
    }
}
