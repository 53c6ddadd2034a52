package io.oqronkit.faults.harm;

import java.io.IOException;

/** Signals to a process of ours, by its id. */
public final class Signals {

    private Signals() {}

    public static void kill(long pid) {
        send("KILL", pid);
    }

    public static void stop(long pid) {
        send("STOP", pid);
    }

    public static void cont(long pid) {
        send("CONT", pid);
    }

    public static void term(long pid) {
        send("TERM", pid);
    }

    private static void send(String signal, long pid) {
        try {
            int exit = new ProcessBuilder("kill", "-" + signal, Long.toString(pid))
                    .inheritIO()
                    .start()
                    .waitFor();
            if (exit != 0) {
                throw new IllegalStateException("SIG" + signal + " did not reach process " + pid);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
