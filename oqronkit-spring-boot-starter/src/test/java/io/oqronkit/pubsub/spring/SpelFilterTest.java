package io.oqronkit.pubsub.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.oqronkit.pubsub.HeaderFilter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.expression.spel.SpelEvaluationException;

/** Filters read payload, headers and key, and nothing else. */
class SpelFilterTest {

    private record Line(String sku, int count) {}

    private record Order(String event, double amount, List<Line> lines) {}

    /** As older code has them. */
    public static final class Bean {

        public String getEvent() {
            return "order.paid";
        }

        public boolean isExpress() {
            return true;
        }
    }

    private static final Order PAID = new Order("order.paid", 99.99, List.of(new Line("a", 2)));

    static Stream<Arguments> payloads() {
        return Stream.of(
                arguments("event == 'order.paid'", PAID, true),
                arguments("event == 'order.created'", PAID, false),
                arguments("amount > 50 and lines.?[count > 1].size == 1", PAID, true),
                arguments("lines[0].sku == 'a'", PAID, true),
                arguments("event matches 'order\\..*'", PAID, true),
                arguments("event == 'order.paid' and express", new Bean(), true),
                arguments("event == 'order.paid'", Map.of("event", "order.paid"), true),
                arguments("['event'] == 'order.paid'", Map.of("event", "order.paid"), true),
                arguments("event == 'order.paid'", Map.of("other", 1), false),
                arguments("#root == 'order.paid'", "order.paid", true),
                arguments("#headers.source == 'web'", PAID, true),
                arguments("#headers['source'] == 'web'", PAID, true),
                arguments("#headers.missing == null", PAID, true),
                arguments("#key == 'cust-7'", PAID, true));
    }

    @ParameterizedTest
    @MethodSource("payloads")
    void reads(String expression, Object payload, boolean expected) {
        assertThat(accepts(SpelFilter.parse(expression), payload)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    T(java.lang.Runtime).getRuntime() != null   | 0
                    event.length() == 1                         | 6
                    new java.lang.String('x') == 'x'            | 0
                    @orders.find(event) == 1                    | 1
                    #load(event) == 1                           | 0
                    event = 'order.paid'                        | 6
                    #headers['a'] = 'b'                         | 0
                    amount++ > 1                                | 6
                    event == 'a' or lines.![sku.trim()] == null | 28
                    """)
    void refusesAllButReading(String expression, int position) {
        assertThatThrownBy(() -> SpelFilter.parse(expression))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not allowed: a filter reads properties")
                .hasMessageContaining("at position " + position);
    }

    @Test
    void refusesUnknownVariables() {
        assertThatThrownBy(() -> SpelFilter.parse("#kye == 'a'"))
                .hasMessage("'#kye' at position 0 is unknown: there are #headers and #key");
    }

    @Test
    void namesThePositionOfWhatDoesNotParse() {
        assertThatThrownBy(() -> SpelFilter.parse("event == "))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("does not parse at position 6");
    }

    @Test
    void failsIfTheResultIsNoBoolean() {
        assertThatThrownBy(() -> accepts(SpelFilter.parse("event"), PAID))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("filter 'event' gave neither true nor false");
        assertThatThrownBy(() -> accepts(SpelFilter.parse("express"), new HashMap<>()))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void failsIfThePayloadHasNoSuchProperty() {
        assertThatThrownBy(() -> accepts(SpelFilter.parse("evnt == 'a'"), PAID))
                .isInstanceOf(SpelEvaluationException.class)
                .hasMessageContaining("evnt");
    }

    /** In doubt it does: only then is the payload decoded first. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    #headers.source == 'web'                        | false
                    #headers['source'] == 'web' and #key != null    | false
                    #headers.a.b == 'web'                           | false
                    #key matches 'cust-.*' ? true : !(1 > 2)        | false
                    {'a', 'b'} == null                              | false
                    event == 'order.paid'                           | true
                    #headers.source == source                       | true
                    #headers[source] == 'web'                       | true
                    #headers['source'].?[true] == null              | true
                    #root == 'order.paid'                           | true
                    #this == 'order.paid'                           | true
                    ['event'] == 'a'                                | true
                    #key == 'a' and (#key == 'b' or express)        | true
                    """)
    void knowsWhetherItReadsThePayload(String expression, boolean reads) {
        assertThat(SpelFilter.parse(expression).readsPayload()).isEqualTo(reads);
    }

    @Test
    void filtersByHeadersAndKeyWithoutAPayload() {
        HeaderFilter filter = SpelFilter.parse("#headers.source == 'web' and #key == 'cust-7'")
                .ofHeaders();

        assertThat(filter.accepts("cust-7", Map.of("source", "web"))).isTrue();
        assertThat(filter.accepts(null, Map.of("source", "web"))).isFalse();
        assertThat(filter.accepts("cust-7", Map.of())).isFalse();
    }

    private static boolean accepts(SpelFilter filter, Object payload) {
        return filter.accepts(payload, "cust-7", Map.of("source", "web"));
    }
}
