package io.oqronkit.pubsub.runtime;

import io.lettuce.core.RedisClient;
import io.oqronkit.guide.GuideUsers;
import io.oqronkit.pubsub.ConsumerMode;
import io.oqronkit.pubsub.MessageContext;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;

/**
 * A consumer in a JVM of its own, to be killed or frozen. For each message it appends {@code begin <offset>/<attempt>}
 * and {@code end <offset>/<attempt>} to a ledger, which survives it. What it does in between is told by the order id:
 * {@code wait} until it is told to go on, then throw; {@code halt} the JVM; anything else: nothing.
 */
final class ConsumerProcess implements AutoCloseable {

    private final Path ledger;
    private final Process jvm;

    private ConsumerProcess(Path ledger, Process jvm) {
        this.ledger = ledger;
        this.jvm = jvm;
    }

    static ConsumerProcess start(EmbeddedRedis redis, Path ledger, int concurrency, Duration ackDeadline)
            throws IOException {
        return start(redis, ledger, new Settings(concurrency, ackDeadline, ConsumerMode.COMPETING, 5));
    }

    /** What differs from the defaults. */
    record Settings(int concurrency, Duration ackDeadline, ConsumerMode mode, int maxRetries) {}

    static ConsumerProcess start(EmbeddedRedis redis, Path ledger, Settings settings) throws IOException {
        Files.writeString(ledger, "");
        Process jvm = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        GuideUsers.app(redis),
                        ledger.toString(),
                        Integer.toString(settings.concurrency()),
                        settings.ackDeadline().toString(),
                        settings.mode().name(),
                        Integer.toString(settings.maxRetries()))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        return new ConsumerProcess(ledger, jvm);
    }

    List<String> ledger() {
        try {
            return Files.readAllLines(ledger);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean isAlive() {
        return jvm.isAlive();
    }

    /** SIGKILL. */
    void kill() throws InterruptedException {
        jvm.destroyForcibly().waitFor();
    }

    void freeze() throws Exception {
        signal("STOP");
    }

    void thaw() throws Exception {
        signal("CONT");
    }

    /** Lets handlers go on that wait. */
    void goOn() throws IOException {
        jvm.getOutputStream().write('\n');
        jvm.getOutputStream().flush();
    }

    private void signal(String name) throws Exception {
        new ProcessBuilder("kill", "-" + name, Long.toString(jvm.pid())).start().waitFor();
    }

    @Override
    public void close() {
        jvm.destroyForcibly();
    }

    /** Runs in the other JVM until it is killed. */
    static final class Main {

        private final Path ledger;

        private Main(Path ledger) {
            this.ledger = ledger;
        }

        public static void main(String[] args) {
            Main main = new Main(Path.of(args[1]));
            OqronPubSub.builder(RedisClient.create(args[0]))
                    .build()
                    .topic("orders", OrderEvent.class)
                    .subscribe(Groups.group("billing")
                            .concurrency(Integer.parseInt(args[2]))
                            .ackDeadline(Duration.parse(args[3]))
                            .mode(ConsumerMode.valueOf(args[4]))
                            .maxRetries(Integer.parseInt(args[5]))
                            .handler(main::handle));
        }

        private void handle(MessageContext<OrderEvent> context) throws IOException {
            String what = context.offset() + "/" + context.attempt() + "\n";
            append("begin " + what);
            switch (context.message().orderId()) {
                case "wait" -> System.in.read();
                case "halt" -> Runtime.getRuntime().halt(1);
                default -> {
                    // done
                }
            }
            append("end " + what);
            if (context.message().orderId().equals("wait")) {
                throw new IllegalStateException("too late");
            }
        }

        private synchronized void append(String line) throws IOException {
            Files.write(ledger, line.getBytes(StandardCharsets.UTF_8), StandardOpenOption.APPEND);
        }
    }
}
