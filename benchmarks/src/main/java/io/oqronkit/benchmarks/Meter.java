package io.oqronkit.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What this process and Redis use between {@link #start} and {@link #stop}. Threads that end in between take what they
 * allocated with them, so a step ends its threads afterwards.
 */
final class Meter {

    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final Server server;
    private final Predicate<String> sent;
    private final Map<String, Long> commands;
    private final double redisCpu;
    private final long memory;
    private final Map<Long, Long> threadCpu;
    private final long allocated;
    private final long cpu;
    private final long nanos;

    private Meter(Server server, Predicate<String> sent) {
        this.server = server;
        this.sent = sent;
        this.commands = server.commands();
        this.memory = server.usedMemory();
        this.redisCpu = server.cpuSeconds();
        this.threadCpu = threadCpu();
        this.allocated = allocatedByAllThreads();
        this.cpu = SYSTEM.getProcessCpuTime();
        this.nanos = System.nanoTime();
    }

    /** @param sent which commands the client sends; the others are executed by its scripts */
    static Meter start(Server server, Predicate<String> sent) {
        return new Meter(server, sent);
    }

    Usage stop() {
        double seconds = (System.nanoTime() - nanos) / 1e9;
        double clientCpu = (SYSTEM.getProcessCpuTime() - cpu) / 1e9;
        long heap = allocatedByAllThreads() - allocated;
        double busiest = busiestThreadSeconds();
        double redis = server.cpuSeconds() - redisCpu;
        long grown = server.usedMemory() - memory;
        long sentByClient = 0;
        long executed = 0;
        for (Map.Entry<String, Long> command : server.commands().entrySet()) {
            long calls = command.getValue() - commands.getOrDefault(command.getKey(), 0L);
            if (!command.getKey().equals("info")) { // our own
                executed += calls;
                sentByClient += sent.test(command.getKey()) ? calls : 0;
            }
        }
        return new Usage(seconds, clientCpu, busiest, redis, heap, grown, sentByClient, executed);
    }

    private static long allocatedByAllThreads() {
        return Arrays.stream(THREADS.getThreadAllocatedBytes(THREADS.getAllThreadIds()))
                .filter(bytes -> bytes > 0)
                .sum();
    }

    private double busiestThreadSeconds() {
        return threadCpu().entrySet().stream()
                        .mapToLong(thread -> thread.getValue() - threadCpu.getOrDefault(thread.getKey(), 0L))
                        .max()
                        .orElse(0)
                / 1e9;
    }

    private static Map<Long, Long> threadCpu() {
        Map<Long, Long> nanos = new HashMap<>();
        for (long id : THREADS.getAllThreadIds()) {
            nanos.put(id, Math.max(0, THREADS.getThreadCpuTime(id)));
        }
        return nanos;
    }
}
