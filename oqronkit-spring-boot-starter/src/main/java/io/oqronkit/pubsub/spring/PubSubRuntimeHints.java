package io.oqronkit.pubsub.spring;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.ExecutableMode;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.TypeReference;

/** What the library reaches by name, and a native image would leave out: its Lua programs, and virtual threads. */
final class PubSubRuntimeHints implements RuntimeHintsRegistrar {

    private static final String SCRIPTS = "io/oqronkit/pubsub/internal/redis/scripts/*.lua";

    @Override
    public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
        hints.resources().registerPattern(SCRIPTS);
        hints.reflection()
                .registerType(Thread.class, thread -> thread.withMethod("ofVirtual", List.of(), ExecutableMode.INVOKE))
                .registerTypeIfPresent(classLoader, "java.lang.Thread$Builder", builder -> builder.withMethod(
                                "name", TypeReference.listOf(String.class), ExecutableMode.INVOKE)
                        .withMethod("unstarted", TypeReference.listOf(Runnable.class), ExecutableMode.INVOKE));
    }
}
