package io.oqronkit.pubsub.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.oqronkit.pubsub.MessageHandler;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** A method that returns a stage is done when the stage is. */
class AsyncHandlersTest {

    static final class Handler {

        final CompletableFuture<String> work = new CompletableFuture<>();

        @OqronSubscriber(topic = "orders", group = "billing")
        CompletionStage<String> on(String order) {
            return work;
        }
    }

    private final Handler handler = new Handler();

    @Test
    void theWorkerWaitsForTheStage() throws Exception {
        FutureTask<String> handled = handled();
        Thread worker = new Thread(handled);
        worker.start();
        await().until(() -> worker.getState() == Thread.State.WAITING);

        handler.work.complete("done");

        assertThat(handled.get(10, TimeUnit.SECONDS)).isEqualTo("handled");
    }

    @Test
    void whatTheStageFailsWithIsTheFailure() {
        for (Throwable failure : List.of(new IOException("no bank"), new AssertionError("never"))) {
            Handler failing = new Handler();
            failing.work.completeExceptionally(new CompletionException(failure));

            assertThatThrownBy(() -> subscribed(failing).handle(Delivery.of("1")))
                    .isSameAs(failure);
        }
    }

    /** As one that ran too long. */
    @Test
    void anInterruptCancelsTheStage() throws Exception {
        FutureTask<String> handled = handled();
        Thread worker = new Thread(handled);
        worker.start();
        await().until(() -> worker.getState() == Thread.State.WAITING);

        worker.interrupt();

        assertThatThrownBy(() -> handled.get(10, TimeUnit.SECONDS)).hasCauseInstanceOf(InterruptedException.class);
        assertThat(handler.work).isCancelled();
    }

    private FutureTask<String> handled() {
        MessageHandler<Object> subscribed = subscribed(handler);
        return new FutureTask<>(() -> {
            subscribed.handle(Delivery.of("1"));
            return "handled";
        });
    }

    @SuppressWarnings("unchecked")
    private static MessageHandler<Object> subscribed(Handler handler) {
        RecordingPubSub pubSub = new RecordingPubSub();
        new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(PubSubAutoConfiguration.class))
                .withBean(RecordingPubSub.class, () -> pubSub)
                .withBean(Handler.class, () -> handler)
                .run(context -> assertThat(context).hasNotFailed());
        return (MessageHandler<Object>) pubSub.only().spec.handler();
    }
}
