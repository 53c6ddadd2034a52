package io.oqronkit.pubsub.runtime;

import static io.oqronkit.pubsub.runtime.Groups.awaitFinished;
import static io.oqronkit.pubsub.runtime.Groups.events;
import static io.oqronkit.pubsub.runtime.Groups.group;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler.FirstMatchingCompositeObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.handler.DefaultTracingObservationHandler;
import io.micrometer.tracing.handler.PropagatingReceiverTracingObservationHandler;
import io.micrometer.tracing.handler.PropagatingSenderTracingObservationHandler;
import io.micrometer.tracing.otel.bridge.OtelCurrentTraceContext;
import io.micrometer.tracing.otel.bridge.OtelPropagator;
import io.micrometer.tracing.otel.bridge.OtelTracer;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.oqronkit.pubsub.Backoff;
import io.oqronkit.pubsub.BatchFailedException;
import io.oqronkit.pubsub.OutgoingMessage;
import io.oqronkit.pubsub.Position;
import io.oqronkit.pubsub.PubSub;
import io.oqronkit.pubsub.PublishReceipt;
import io.oqronkit.pubsub.Topic;
import io.oqronkit.pubsub.TopicSpec;
import io.oqronkit.pubsub.observation.ProcessObservationContext;
import io.oqronkit.pubsub.observation.ProcessObservationConvention;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import io.oqronkit.redis.embedded.junit.EmbeddedRedisExtension;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One trace from the caller over Redis into every group, with a real tracer. */
@ExtendWith(EmbeddedRedisExtension.class)
class TracesIT {

    private static final Backoff AT_ONCE = Backoff.of(Duration.ofMillis(1), 1, Duration.ofMillis(1), 0);

    @RegisterExtension
    final PubSubs pubSubs = new PubSubs();

    private final InMemorySpanExporter spans = InMemorySpanExporter.create();
    private final ObservationRegistry registry = ObservationRegistry.create();

    @BeforeEach
    void trace() {
        SdkTracerProvider provider = SdkTracerProvider.builder()
                .addSpanProcessor(SimpleSpanProcessor.create(spans))
                .build();
        var otel = provider.get("test");
        var tracer = new OtelTracer(otel, new OtelCurrentTraceContext(), event -> {});
        var propagator = new OtelPropagator(ContextPropagators.create(W3CTraceContextPropagator.getInstance()), otel);
        registry.observationConfig()
                .observationHandler(new FirstMatchingCompositeObservationHandler(
                        new PropagatingReceiverTracingObservationHandler<>(tracer, propagator),
                        new PropagatingSenderTracingObservationHandler<>(tracer, propagator),
                        new DefaultTracingObservationHandler(tracer)));
    }

    @Test
    void aRequestItsPublishAndEveryGroupAreOneTraceAlsoAfterARetry(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = open(redis).topic("orders", OrderEvent.class);
        orders.subscribe(group("billing").handler(context -> {}));
        orders.subscribe(group("shipping").backoff(AT_ONCE).handler(context -> {
            if (context.attempt() == 1) {
                throw new IllegalStateException("not now");
            }
        }));

        PublishReceipt receipt = request(() -> orders.publish(OrderEvent.number(1)));
        awaitFinished(orders, "shipping");
        awaitFinished(orders, "billing");

        await().until(() -> spans.getFinishedSpanItems().size() == 5);
        assertThat(spans.getFinishedSpanItems())
                .extracting(SpanData::getTraceId)
                .containsOnly(span("POST /orders").getTraceId());
        SpanData publish = span("orders publish");
        assertThat(publish.getKind()).isEqualTo(SpanKind.PRODUCER);
        assertThat(publish.getParentSpanId()).isEqualTo(span("POST /orders").getSpanId());
        assertThat(keys(publish))
                .containsEntry("messaging.system", "redis")
                .containsEntry("messaging.operation.name", "publish")
                .containsEntry("messaging.destination.name", "orders")
                .containsEntry("messaging.message.id", receipt.id().toString());
        List<SpanData> processed = processed();
        assertThat(processed).extracting(SpanData::getParentSpanId).containsOnly(publish.getSpanId());
        assertThat(processed).extracting(SpanData::getKind).containsOnly(SpanKind.CONSUMER);
        assertThat(processed)
                .extracting(span -> keys(span).get("messaging.consumer.group.name")
                        + " " + keys(span).get("messaging.oqronkit.attempt")
                        + " " + span.getStatus().getStatusCode())
                .containsExactlyInAnyOrder("billing 1 UNSET", "shipping 1 ERROR", "shipping 2 UNSET");
        SpanData failed = processed.stream()
                .filter(span -> span.getStatus().getStatusCode() == StatusCode.ERROR)
                .findFirst()
                .orElseThrow();
        assertThat(failed.getStatus().getDescription()).isEqualTo("not now");
    }

    @Test
    void everyMessageOfABatchAndOfAnAsynchronousPublishBelongsToTheTrace(EmbeddedRedis redis) {
        Topic<OrderEvent> orders =
                open(redis).topic(TopicSpec.of("orders", OrderEvent.class).partitions(3));
        orders.subscribe(group("billing").handler(context -> {}));

        request(() -> orders.publishBatch(events(4)));
        request(() -> orders.publishAsync(OrderEvent.number(5)).join());
        request(() -> orders.publish(OutgoingMessage.of(OrderEvent.number(6)).delay(Duration.ofMillis(10))));

        await().untilAsserted(() -> assertThat(processed()).hasSize(6));
        List<SpanData> published = named("orders publish");
        assertThat(published).hasSize(3);
        assertThat(processed())
                .extracting(SpanData::getParentSpanId)
                .containsOnlyOnceElementsOf(published.subList(1, 3).stream()
                        .map(SpanData::getSpanId)
                        .toList())
                .filteredOn(parent -> parent.equals(published.get(0).getSpanId()))
                .hasSize(4);
    }

    @Test
    void aBatchHandlerHasASpanInTheTraceOfEachMessage(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = open(redis).topic("orders", OrderEvent.class);
        for (OrderEvent event : events(3)) {
            request(() -> orders.publish(event));
        }
        orders.subscribe(
                group("billing").startFrom(Position.earliest()).maxRetries(0).batchHandler(batch -> {
                    throw new BatchFailedException(2, new IllegalStateException("not this one"));
                }));

        await().untilAsserted(() -> assertThat(processed()).hasSize(3));
        List<SpanData> published = named("orders publish");
        assertThat(processed())
                .extracting(SpanData::getParentSpanId)
                .containsExactlyInAnyOrderElementsOf(
                        published.stream().map(SpanData::getSpanId).toList());
        assertThat(processed()).extracting(SpanData::getTraceId).doesNotHaveDuplicates();
        assertThat(processed())
                .filteredOn(span -> span.getStatus().getStatusCode() == StatusCode.ERROR)
                .extracting(SpanData::getTraceId)
                .containsExactly(published.get(2).getTraceId());
    }

    @Test
    void theTraceSurvivesARedriveAndUsersNeverSeeIt(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = open(redis).topic("orders", OrderEvent.class);
        Queue<Map<String, String>> seen = new ConcurrentLinkedQueue<>();
        orders.subscribe(group("billing").maxRetries(0).handler(context -> {
            seen.add(context.headers());
            if (seen.size() == 1) {
                throw new IllegalStateException("not now");
            }
        }));

        request(() -> orders.publish(OutgoingMessage.of(OrderEvent.number(1)).header("source", "checkout")));
        await().until(() -> !orders.admin().deadLetters("billing", 10).isEmpty());
        assertThat(orders.admin().deadLetters("billing", 10).get(0).headers())
                .containsOnly(Map.entry("source", "checkout"));
        orders.admin().redriveAll("billing");

        await().untilAsserted(() -> assertThat(processed()).hasSize(2));
        assertThat(processed())
                .extracting(SpanData::getTraceId)
                .containsOnly(span("POST /orders").getTraceId());
        assertThat(seen).hasSize(2).containsOnly(Map.of("source", "checkout"));
    }

    @Test
    void anIdleSubscriptionMakesNoSpans(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = open(redis).topic("orders", OrderEvent.class);
        orders.subscribe(group("billing").filter(event -> event.amount() == 2).handler(context -> {}));

        orders.publishBatch(events(2)); // of which one is filtered out
        awaitFinished(orders, "billing");

        await().untilAsserted(() -> assertThat(spans.getFinishedSpanItems()).hasSize(2));
    }

    @Test
    void aFailedPublishIsAnError(EmbeddedRedis redis) {
        Topic<OrderEvent> orders = open(redis).topic("orders", OrderEvent.class);

        assertThat(orders.publishAsync(OutgoingMessage.of(OrderEvent.number(1))))
                .succeedsWithin(Duration.ofSeconds(10));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> orders.publish(new OrderEvent("x".repeat(2 * 1024 * 1024), "ord", 1)));

        await().untilAsserted(() -> assertThat(spans.getFinishedSpanItems())
                .extracting(span -> span.getStatus().getStatusCode())
                .containsExactlyInAnyOrder(StatusCode.OK, StatusCode.ERROR));
    }

    @Test
    void anApplicationMaySayOtherThings(EmbeddedRedis redis) {
        ProcessObservationConvention own = new ProcessObservationConvention() {
            @Override
            public String getContextualName(ProcessObservationContext context) {
                return "handle " + context.message().group();
            }

            @Override
            public KeyValues getLowCardinalityKeyValues(ProcessObservationContext context) {
                return ProcessObservationConvention.super
                        .getLowCardinalityKeyValues(context)
                        .and("team", "blue");
            }
        };
        Topic<OrderEvent> orders = pubSubs.open(
                        redis, it -> it.observationRegistry(registry).observationConvention(own))
                .topic("orders", OrderEvent.class);
        orders.subscribe(group("billing").handler(context -> {}));

        orders.publish(OrderEvent.number(1));

        await().untilAsserted(() -> assertThat(keys(span("handle billing"))).containsEntry("team", "blue"));
    }

    private PubSub open(EmbeddedRedis redis) {
        return pubSubs.open(redis, it -> it.observationRegistry(registry));
    }

    private <R> R request(Supplier<R> work) {
        return Observation.createNotStarted("http", registry)
                .contextualName("POST /orders")
                .observe(work);
    }

    private SpanData span(String name) {
        return spans.getFinishedSpanItems().stream()
                .filter(span -> span.getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no span " + name));
    }

    private List<SpanData> processed() {
        return named("orders process");
    }

    private List<SpanData> named(String name) {
        return spans.getFinishedSpanItems().stream()
                .filter(span -> span.getName().equals(name))
                .toList();
    }

    private static Map<String, String> keys(SpanData span) {
        Map<String, String> keys = new HashMap<>();
        span.getAttributes().forEach((AttributeKey<?> key, Object value) -> keys.put(key.getKey(), value.toString()));
        return keys;
    }
}
