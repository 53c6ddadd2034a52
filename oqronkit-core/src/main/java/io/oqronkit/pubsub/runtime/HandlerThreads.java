package io.oqronkit.pubsub.runtime;

import java.lang.reflect.Method;

/** Makes the threads that handlers run on; they are not started yet. */
@FunctionalInterface
interface HandlerThreads {

    /** Threads of the operating system; they keep the JVM alive. */
    HandlerThreads PLATFORM = (name, task) -> {
        Thread thread = new Thread(task, name);
        thread.setDaemon(false);
        return thread;
    };

    Thread thread(String name, Runnable task);

    /**
     * Virtual threads; reached by name, since this is compiled for Java 17.
     *
     * @throws IllegalArgumentException if the JVM has none
     */
    static HandlerThreads virtual() {
        if (Runtime.version().feature() < 21) {
            throw new IllegalArgumentException("virtual threads need Java 21 or newer but this is Java "
                    + Runtime.version().feature());
        }
        try {
            Class<?> builder = Class.forName("java.lang.Thread$Builder");
            Method ofVirtual = Thread.class.getMethod("ofVirtual");
            Method named = builder.getMethod("name", String.class);
            Method unstarted = builder.getMethod("unstarted", Runnable.class);
            return (name, task) -> {
                try {
                    return (Thread) unstarted.invoke(named.invoke(ofVirtual.invoke(null), name), task);
                } catch (ReflectiveOperationException e) {
                    throw new IllegalStateException("no virtual thread for " + name, e);
                }
            };
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this Java has virtual threads but no Thread.ofVirtual()", e);
        }
    }
}
