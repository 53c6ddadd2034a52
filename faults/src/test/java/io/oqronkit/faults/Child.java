package io.oqronkit.faults;

import io.oqronkit.faults.harm.Signals;
import io.oqronkit.faults.work.LedgerTail;
import io.oqronkit.faults.work.Settings;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A publisher or consumer in a JVM of its own. Its name is never used twice in a run. */
final class Child implements AutoCloseable {

    private static final String PACKAGE = "io.oqronkit.faults.work.";

    private final String name;
    private final Path ledger;
    private final LedgerTail tail;
    private final Process jvm;
    private final boolean endsByItself;

    private Child(String name, Path ledger, Process jvm, boolean endsByItself) {
        this.name = name;
        this.ledger = ledger;
        this.tail = new LedgerTail(ledger);
        this.jvm = jvm;
        this.endsByItself = endsByItself;
    }

    /**
     * @param program {@code Publisher} or {@code Consumer}
     * @param weakened a folder that comes before the library on the class path, for an ablation; or null
     */
    static Child start(String program, String name, Settings settings, Path folder, @Nullable Path weakened) {
        Path ledger = folder.resolve(name + ".ledger");
        String classPath = System.getProperty("java.class.path");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-XX:+ExitOnOutOfMemoryError",
                "-Xmx128m",
                "-cp",
                weakened == null ? classPath : weakened + File.pathSeparator + classPath));
        command.addAll(settings.with("name", name).with("ledger", ledger).jvmArguments());
        command.add(PACKAGE + program);
        try {
            Process jvm = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve(name + ".log").toFile())
                    .start();
            return new Child(name, ledger, jvm, settings.number("count", 0) > 0);
        } catch (IOException e) {
            throw new IllegalStateException("cannot start " + program, e);
        }
    }

    String name() {
        return name;
    }

    Path ledger() {
        return ledger;
    }

    /** Lines of this kind in its ledger so far. */
    long count(String kind) {
        return tail.count(kind);
    }

    /** A publisher that was told how many messages to send. */
    boolean endsByItself() {
        return endsByItself;
    }

    boolean isAlive() {
        return jvm.isAlive();
    }

    void kill() {
        Signals.kill(jvm.pid());
        awaitEnd(10);
    }

    void stop() {
        Signals.stop(jvm.pid());
    }

    void cont() {
        Signals.cont(jvm.pid());
    }

    /** Asks it to end well; does not wait. */
    void term() {
        Signals.term(jvm.pid());
    }

    /** Whether it ended in time. */
    boolean awaitEnd(int seconds) {
        try {
            return jvm.waitFor(seconds, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        jvm.destroyForcibly();
    }
}
