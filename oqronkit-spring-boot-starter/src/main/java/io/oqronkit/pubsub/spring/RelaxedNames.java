package io.oqronkit.pubsub.spring;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The constants of an enum as people write them into YAML. */
final class RelaxedNames {

    private RelaxedNames() {}

    /** {@code auto, manual}. */
    static String of(Class<?> type) {
        return Arrays.stream(type.getEnumConstants()).map(RelaxedNames::of).collect(Collectors.joining(", "));
    }

    /** {@code drop-oldest}. */
    static String of(Object constant) {
        return constant.toString().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
