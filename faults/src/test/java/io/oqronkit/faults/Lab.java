package io.oqronkit.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.oqronkit.faults.harm.FaultProxy;
import io.oqronkit.faults.harm.Harm;
import io.oqronkit.faults.harm.HarmLog;
import io.oqronkit.faults.oracle.Handling;
import io.oqronkit.faults.oracle.Oracle;
import io.oqronkit.faults.oracle.Report;
import io.oqronkit.faults.oracle.Run;
import io.oqronkit.faults.oracle.Sent;
import io.oqronkit.faults.oracle.Stored;
import io.oqronkit.faults.work.Settings;
import io.oqronkit.faults.work.Task;
import io.oqronkit.pubsub.GroupStats;
import io.oqronkit.pubsub.Position;
import io.oqronkit.pubsub.PubSub;
import io.oqronkit.pubsub.SubscriptionSpec;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.pubsub.runtime.OqronPubSub;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One run: a Redis of its own, a topic with its groups, publishers and consumers in JVMs of their own, and the log of
 * what is done to them. Everything it writes is in {@code target/faults/<name>}. For one test thread.
 */
final class Lab implements AutoCloseable {

    private static final Duration START_OF_A_JVM = Duration.ofSeconds(60);
    private static final Duration DRAIN = Duration.ofSeconds(60);

    private final String name;
    private final Settings settings;
    private final Path folder;
    private final Random random;
    private final EmbeddedRedis redis;
    private final FaultProxy proxy;
    private final RedisClient client;
    private final HarmLog harms = new HarmLog();
    private final List<Child> publishers = new ArrayList<>();
    private final List<Child> consumers = new ArrayList<>();
    private @Nullable Path weakened;
    private @Nullable PubSub pubSub;
    private @Nullable StatefulRedisConnection<String, String> rawConnection;

    private Lab(String name, Settings settings, UnaryOperator<EmbeddedRedis.Builder> server) {
        this.name = name;
        this.settings = settings;
        this.folder = emptyFolder(name);
        this.random = Effort.random(name);
        this.redis = server.apply(EmbeddedRedis.builder()).start();
        this.proxy = new FaultProxy(redis.port());
        this.client = RedisClient.create(redis.uri());
        System.out.printf("%s: seed %d, Redis %s%n", name, Effort.seed(), redis.version());
    }

    static Lab open(String name, Settings settings) {
        return open(name, settings, server -> server);
    }

    /** @param server more settings for the server */
    static Lab open(String name, Settings settings, UnaryOperator<EmbeddedRedis.Builder> server) {
        Lab lab = new Lab(name, settings, server);
        try (PubSub first = lab.openPubSub()) {
            settings.groups().forEach(group -> lab.register(first.topic(settings.topic()), group));
        }
        return lab;
    }

    private static Path emptyFolder(String name) {
        Path folder = Path.of("target", "faults", name).toAbsolutePath();
        try {
            if (Files.exists(folder)) {
                try (Stream<Path> old = Files.walk(folder)) {
                    for (Path path :
                            old.sorted(java.util.Comparator.reverseOrder()).toList()) {
                        Files.delete(path);
                    }
                }
            }
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** So that every message published from now on counts for the group. */
    private void register(Topic<Task> topic, String group) {
        topic.subscribe(SubscriptionSpec.<Task>group(group)
                        .mode(settings.mode())
                        .ackDeadline(settings.ackDeadline())
                        .startFrom(Position.earliest())
                        .handler(context -> context.nack()))
                .close();
    }

    /** Every child started from now on runs with the scripts in this folder, before the library's. */
    void weaken(Path scripts) {
        weakened = scripts;
    }

    Child publisher(Settings more) {
        Child child = start("Publisher", "p" + (publishers.size() + 1), more.with("seed", random.nextInt()));
        publishers.add(child);
        return child;
    }

    Child consumer(Settings more) {
        Child child = start("Consumer", "c" + (consumers.size() + 1), more);
        consumers.add(child);
        return child;
    }

    private Child start(String program, String childName, Settings more) {
        Settings all = settings.and(more);
        String uri = all.text("proxy", "false").equals("true") ? proxy.uri() : redis.uri();
        return Child.start(program, childName, all.with("uri", uri), folder, weakened);
    }

    /** Starts so many with the settings of the run, and returns when all are at work. */
    void start(int publisherCount, int consumerCount) {
        for (int i = 0; i < consumerCount; i++) {
            consumer(Settings.none());
        }
        awaitReady();
        for (int i = 0; i < publisherCount; i++) {
            publisher(Settings.none());
        }
        awaitReady();
    }

    void awaitReady() {
        await().atMost(START_OF_A_JVM).until(() -> Stream.concat(publishers.stream(), consumers.stream())
                .allMatch(child -> child.count("ready") > 0));
    }

    String name() {
        return name;
    }

    Path folder() {
        return folder;
    }

    Random random() {
        return random;
    }

    EmbeddedRedis redis() {
        return redis;
    }

    FaultProxy proxy() {
        return proxy;
    }

    HarmLog harms() {
        return harms;
    }

    /** A {@code PubSub} of this process, to be closed by the caller. */
    PubSub openPubSub() {
        return OqronPubSub.builder(client)
                .codec(new Task.Codec())
                .instanceName("lab")
                .build();
    }

    /** For asking. It takes part in retention from the first call on. */
    Topic<Task> topic() {
        PubSub open = pubSub;
        if (open == null) {
            open = openPubSub();
            pubSub = open;
        }
        return open.topic(settings.topic());
    }

    /** A plain connection, to look at Redis or to harm it. */
    RedisCommands<String, String> raw() {
        StatefulRedisConnection<String, String> open = rawConnection;
        if (open == null) {
            open = client.connect();
            rawConnection = open;
        }
        return open.sync();
    }

    List<Child> consumers() {
        return consumers;
    }

    List<Child> publishers() {
        return publishers;
    }

    List<Child> liveConsumers() {
        return consumers.stream().filter(Child::isAlive).toList();
    }

    /** Handler runs that came back. */
    long handled() {
        return consumers.stream().mapToLong(child -> child.count("end")).sum();
    }

    long acknowledged() {
        return publishers.stream().mapToLong(child -> child.count("acked")).sum();
    }

    /** Until both go on: so many more are published and handled. */
    void awaitProgress(int messages, Duration atMost) {
        long acked = acknowledged() + messages;
        long handled = handled() + messages;
        await("publishing and handling go on")
                .atMost(atMost)
                .until(() -> acknowledged() >= acked && handled() >= handled);
    }

    GroupStats stats(String group) {
        return topic().admin().stats().groups().get(group);
    }

    List<Handling> handlings() {
        Map<String, Path> ledgers = new LinkedHashMap<>();
        consumers.forEach(child -> ledgers.put(child.name(), child.ledger()));
        return Handling.read(ledgers);
    }

    Map<String, Sent> sent() {
        return Sent.read(Stream.concat(publishers.stream().map(Child::ledger), Stream.of(ownLedger()))
                .toList());
    }

    /** For what the test itself puts into the log. */
    Path ownLedger() {
        return folder.resolve("lab.ledger");
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

    /** Ends the publishers and waits until each knows the outcome of all it sent. */
    void endPublishers() {
        publishers.stream()
                .filter(child -> child.isAlive() && !child.endsByItself())
                .forEach(Child::term);
        publishers.forEach(child ->
                assertThat(child.awaitEnd(60)).as("%s ends", child.name()).isTrue());
    }

    /** Until nothing is left to handle (I8). */
    void drain() {
        drain(DRAIN);
    }

    void drain(Duration atMost) {
        await("the backlog is gone").atMost(atMost).ignoreExceptions().until(() -> settings.groups().stream()
                .allMatch(group -> stats(group).backlog() == 0));
    }

    /** Ends the publishers, lets the consumers finish, and judges. */
    Report finish() {
        endPublishers();
        drain();
        assertNobodyDiedUnasked();
        return judge();
    }

    private void write(String file, String text) {
        try {
            Files.writeString(folder.resolve(file), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of a full heap, for example. */
    private void assertNobodyDiedUnasked() {
        assertThat(consumers).filteredOn(child -> !child.isAlive()).allSatisfy(child -> assertThat(harms.all())
                .as("why %s is dead; see its log in %s", child.name(), folder)
                .anyMatch(harm -> harm.target().equals(child.name())));
    }

    /** Judges what is there now. */
    Report judge() {
        Run run = new Run(
                settings,
                sent(),
                handlings(),
                Stored.read(
                        topic().admin(), client.connect(ByteArrayCodec.INSTANCE).sync()),
                harms,
                liveConsumers().size());
        Report report = Oracle.judge(run);
        write("report.txt", "seed " + Effort.seed() + "\n" + report.table());
        System.out.printf(
                "%s: seed %d, %d messages, %d faults, %d duplicates, %d dead letters, %d violations%n",
                name,
                Effort.seed(),
                report.figure("messages sent"),
                report.figure("faults"),
                report.figure("  completed again (duplicates)"),
                report.figure("dead letters (given up)"),
                report.violations().size());
        return report;
    }

    /** As {@link #finish()}, and nothing may be wrong. */
    Report finishUnharmed() {
        Report report = finish();
        assertThat(report.violations())
                .as("%s, seed %d, ledgers in %s%n%s", name, Effort.seed(), folder, report.table())
                .isEmpty();
        return report;
    }

    @Override
    public void close() {
        write("faults.txt", harms.all().stream().map(harm -> harm + "\n").collect(Collectors.joining()));
        publishers.forEach(Child::close);
        consumers.forEach(Child::close);
        redis.resume();
        if (!redis.isRunning()) {
            redis.restart();
        }
        if (pubSub != null) {
            pubSub.close();
        }
        client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
        proxy.close();
        redis.close();
    }
}
