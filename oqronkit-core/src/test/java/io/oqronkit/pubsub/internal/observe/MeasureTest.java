package io.oqronkit.pubsub.internal.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is documented of the meters is what there is. */
class MeasureTest {

    private static final Path DOCS = Path.of("..", "docs");

    private final MeterRegistry registry = new SimpleMeterRegistry();

    @ParameterizedTest
    @EnumSource
    void theGuideNamesEachMeterWithItsTypeAndTags(Measure measure) throws IOException {
        assertThat(Files.readString(DOCS.resolve("guide/metrics.md")))
                .contains("| `%s` | %s | %s |"
                        .formatted(
                                measure.meter(),
                                measure.type().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                                String.join(", ", measure.keys())));
    }

    /** Prometheus writes a dot as an underscore and adds the unit. */
    @ParameterizedTest
    @ValueSource(strings = {"monitoring/grafana.json", "monitoring/alerts.yml"})
    void dashboardAndAlertsUseNoOtherNames(String file) throws IOException {
        Stream<String> used = Pattern.compile("oqronkit_pubsub_[a-z_]+")
                .matcher(Files.readString(DOCS.resolve(file)))
                .results()
                .map(found -> found.group().replaceAll("(_seconds)?(_count|_sum|_max|_total)?$", ""))
                .distinct();

        assertThat(used)
                .isNotEmpty()
                .isSubsetOf(Arrays.stream(Measure.values())
                        .map(measure -> measure.meter().replace('.', '_'))
                        .toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "orders"})
    void whereThereIsNothingToSayATagIsNone(String topic) {
        assertThat(Measure.SCHEDULED
                        .gauge(registry, this, any -> 0, topic)
                        .getId()
                        .getTag("topic"))
                .isEqualTo(topic.isEmpty() ? "none" : topic);
    }
}
