package io.oqronkit.pubsub.spring;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The application must not start like this; the message says what is wrong, {@link #action()} what to do. */
final class StartRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;
    private static final List<Map.Entry<String, Duration>> UNITS = List.of(
            Map.entry("d", Duration.ofDays(1)),
            Map.entry("h", Duration.ofHours(1)),
            Map.entry("m", Duration.ofMinutes(1)),
            Map.entry("s", Duration.ofSeconds(1)));

    private final String action;

    StartRefusedException(String description, String action, @Nullable Throwable cause) {
        super(description, cause);
        this.action = action;
    }

    /** @param reason what is allowed instead */
    static StartRefusedException property(String key, Object value, @Nullable String reason) {
        Object shown = value instanceof Duration duration ? text(duration) : value;
        return new StartRefusedException(
                "The configuration property '%s' has the value '%s': %s.".formatted(key, shown, reason),
                "Correct '%s' in the application's configuration.".formatted(key),
                null);
    }

    /** {@code 30s} rather than {@code PT30S}: the form in which people write it into YAML. */
    static String text(Duration value) {
        long ms = value.toMillis();
        if (ms == 0) {
            return "0s";
        }
        for (Map.Entry<String, Duration> unit : UNITS) {
            if (ms % unit.getValue().toMillis() == 0) {
                return ms / unit.getValue().toMillis() + unit.getKey();
            }
        }
        return ms + "ms";
    }

    String action() {
        return action;
    }
}
