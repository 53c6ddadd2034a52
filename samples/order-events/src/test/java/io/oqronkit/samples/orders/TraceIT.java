package io.oqronkit.samples.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationHandler.FirstMatchingCompositeObservationHandler;
import io.micrometer.tracing.handler.DefaultTracingObservationHandler;
import io.micrometer.tracing.handler.PropagatingReceiverTracingObservationHandler;
import io.micrometer.tracing.handler.PropagatingSenderTracingObservationHandler;
import io.micrometer.tracing.otel.bridge.OtelCurrentTraceContext;
import io.micrometer.tracing.otel.bridge.OtelPropagator;
import io.micrometer.tracing.otel.bridge.OtelTracer;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.oqronkit.pubsub.test.OqronTest;
import io.oqronkit.pubsub.test.PubSubProbe;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;

/** From an HTTP request over Redis into every group: one trace. */
@OqronTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class TraceIT {

    private static final InMemorySpanExporter SPANS = InMemorySpanExporter.create();
    private static final AttributeKey<String> GROUP = AttributeKey.stringKey("messaging.consumer.group.name");

    @TestConfiguration(proxyBeanMethods = false)
    static class Tracing {

        @Bean
        ObservationHandler<?> tracing() {
            var otel = SdkTracerProvider.builder()
                    .addSpanProcessor(SimpleSpanProcessor.create(SPANS))
                    .build()
                    .get("test");
            var tracer = new OtelTracer(otel, new OtelCurrentTraceContext(), event -> {});
            var w3c = new OtelPropagator(ContextPropagators.create(W3CTraceContextPropagator.getInstance()), otel);
            return new FirstMatchingCompositeObservationHandler(
                    new PropagatingReceiverTracingObservationHandler<>(tracer, w3c),
                    new PropagatingSenderTracingObservationHandler<>(tracer, w3c),
                    new DefaultTracingObservationHandler(tracer));
        }
    }

    @LocalServerPort
    private int port;

    @Test
    void aRequestItsPublishAndWhatAllGroupsDoAreOneTrace(PubSubProbe probe) throws Exception {
        new Http(port).post("/orders", "{\"orderId\": \"ord_1\", \"amount\": 99.5}");
        probe.awaits("order-events").group("billing-service").handled(2);
        probe.awaits("order-events").group("ledger").handled(1);

        await().untilAsserted(() -> assertThat(ofKind(SpanKind.CONSUMER))
                .extracting(span -> span.getAttributes().get(GROUP))
                .contains("billing-service", "analytics-service", "shipping", "ledger")
                .contains("customer-mail", "search-index"));
        await().until(() -> ofKind(SpanKind.SERVER).size() == 1);
        SpanData request = ofKind(SpanKind.SERVER).get(0);
        assertThat(request.getName()).isEqualTo("http post /orders");
        assertThat(ofKind(SpanKind.PRODUCER)).isNotEmpty().allSatisfy(publish -> assertThat(publish.getParentSpanId())
                .isEqualTo(request.getSpanId()));
        assertThat(SPANS.getFinishedSpanItems())
                .extracting(SpanData::getTraceId)
                .containsOnly(request.getTraceId());
    }

    private static List<SpanData> ofKind(SpanKind kind) {
        return SPANS.getFinishedSpanItems().stream()
                .filter(span -> span.getKind() == kind)
                .toList();
    }
}
