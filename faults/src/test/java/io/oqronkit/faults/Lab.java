package io.oqronkit.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lettuce.core.api.sync.RedisCommands;
import io.oqronkit.faults.harm.FaultProxy;
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
import io.oqronkit.redis.embedded.EmbeddedRedis;
import io.oqronkit.redis.embedded.EmbeddedRedisCluster;
import io.oqronkit.redis.embedded.EmbeddedSentinel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One run: a Redis of its own, or several with Sentinels, a topic with its groups, publishers and consumers in JVMs of their own, and the log of
 * what is done to them. Everything it writes is in {@code target/faults/<name>}. For one test thread.
 */
final class Lab implements AutoCloseable {

    private static final Duration START_OF_A_JVM = Duration.ofSeconds(60);
    private static final Duration DRAIN = Duration.ofSeconds(60);

    private final String name;
    private final Settings settings;
    private final RunFolder folder;
    private final Random random;
    private final Site site;
    private final HarmLog harms = new HarmLog();
    private final Attack attack;
    private final Starvation starvation;
    private final List<Child> publishers = new ArrayList<>();
    private final List<Child> consumers = new ArrayList<>();
    private @Nullable Path weakened;
    private @Nullable PubSub pubSub;

    private Lab(String name, Settings settings, Site site) {
        this.name = name;
        this.settings = settings;
        this.folder = RunFolder.fresh(name);
        this.random = Effort.random(name);
        this.site = site;
        this.attack = new Attack(site.redis(), harms);
        this.starvation = new Starvation(harms, site.redis().port());
        System.out.printf(
                "%s: seed %d, Redis %s%n", name, Effort.seed(), site.redis().version());
    }

    static Lab open(String name, Settings settings) {
        return open(name, settings, server -> server);
    }

    /** @param server more settings for the server */
    static Lab open(String name, Settings settings, UnaryOperator<EmbeddedRedis.Builder> server) {
        return open(
                name, settings, Site.of(server.apply(EmbeddedRedis.builder()).start()));
    }

    /**
     * At servers that the caller closes. What is said of one Redis below is said of the present master; the others reach it by the
     * proxy if they are told to.
     */
    static Lab open(String name, Settings settings, EmbeddedSentinel servers) {
        return open(name, settings, Site.of(servers));
    }

    /** With masters that have one replica each. What is said of one Redis below is said of the first of them. */
    static Lab openCluster(String name, Settings settings, int masters) {
        return open(name, settings, Site.of(EmbeddedRedisCluster.start(masters, 1)));
    }

    private static Lab open(String name, Settings settings, Site site) {
        Lab lab = new Lab(name, settings, site);
        try (PubSub first = lab.openPubSub()) {
            settings.groups().forEach(group -> lab.register(first.topic(settings.topic()), group));
        }
        return lab;
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

    /** @param more {@code uri} for another address than that of the run */
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
        String standard = site.uri(all.text("proxy", "false").equals("true"));
        return Child.start(program, childName, all.with("uri", all.text("uri", standard)), folder.path(), weakened);
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
        site.assertThatTheLibraryMayDoNoMoreThanTheGuideSays();
    }

    void awaitReady() {
        await().atMost(START_OF_A_JVM).until(() -> Stream.concat(publishers.stream(), consumers.stream())
                .allMatch(child -> child.count("ready") > 0));
    }

    /** Of a lab that was opened with one. */
    EmbeddedRedisCluster cluster() {
        return site.cluster();
    }

    Path folder() {
        return folder.path();
    }

    /** For what the test itself puts into the log. */
    Path ownLedger() {
        return folder.path().resolve("lab.ledger");
    }

    Random random() {
        return random;
    }

    EmbeddedRedis redis() {
        return site.redis();
    }

    FaultProxy proxy() {
        return site.proxy();
    }

    HarmLog harms() {
        return harms;
    }

    Attack attack() {
        return attack;
    }

    /** A {@code PubSub} of this process, to be closed by the caller. */
    PubSub openPubSub() {
        return site.openPubSub();
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
        return site.raw();
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
        await("the backlog is gone").atMost(DRAIN).ignoreExceptions().until(() -> settings.groups().stream()
                .allMatch(group -> stats(group).backlog() == 0));
    }

    /** Ends the publishers, lets the consumers finish, and judges. */
    Report finish() {
        endPublishers();
        drain();
        assertNobodyDiedUnasked();
        return judge();
    }

    /** Of a full heap, for example. */
    private void assertNobodyDiedUnasked() {
        assertThat(consumers).filteredOn(child -> !child.isAlive()).allSatisfy(child -> assertThat(harms.all())
                .as("why %s is dead; see its log in %s", child.name(), folder.path())
                .anyMatch(harm -> harm.target().equals(child.name())));
    }

    /** Judges what is there now. */
    Report judge() {
        starvation.note(consumers);
        Stored stored = Stored.read(topic().admin(), site.bytes());
        Run run = new Run(
                settings, sent(), handlings(), stored, harms, liveConsumers().size());
        Report report = Oracle.judge(run);
        if (harms.starvedMicros() > 0) {
            System.out.printf("%s: the machine had no time for %d ms%n", name, harms.starvedMicros() / 1_000);
        }
        folder.write("report.txt", "seed " + Effort.seed() + "\n" + report.table());
        System.out.printf("%s: seed %d, %s%n", name, Effort.seed(), report.summary());
        return report;
    }

    /** What a limit in µs is worth on a machine that now and then had no time for us. */
    long micros(Duration limit) {
        starvation.note(consumers);
        return limit.toNanos() / 1_000 + harms.starvedMicros();
    }

    /** As {@link #finish()}, and nothing may be wrong. */
    Report finishUnharmed() {
        Report report = finish();
        assertThat(report.violations())
                .as("%s, seed %d, ledgers in %s%n%s", name, Effort.seed(), folder.path(), report.table())
                .isEmpty();
        return report;
    }

    @Override
    public void close() {
        folder.write("faults.txt", harms.all().stream().map(harm -> harm + "\n").collect(Collectors.joining()));
        publishers.forEach(Child::close);
        consumers.forEach(Child::close);
        site.redis().resume();
        if (!site.redis().isRunning()) {
            site.redis().restart();
        }
        if (pubSub != null) {
            pubSub.close();
        }
        starvation.close();
        site.close();
    }
}
