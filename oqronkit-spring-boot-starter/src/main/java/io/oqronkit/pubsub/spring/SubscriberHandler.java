package io.oqronkit.pubsub.spring;

import io.oqronkit.pubsub.MessageContext;
import io.oqronkit.pubsub.MessageHandler;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.handler.annotation.support.MethodArgumentNotValidException;
import org.springframework.messaging.handler.invocation.InvocableHandlerMethod;
import org.springframework.validation.BindingResult;

/**
 * Calls a bean method for each message, and waits for the stage it returns, if it does. What the method throws is passed on
 * as it is: it becomes the dead letter's cause.
 */
final class SubscriberHandler implements MessageHandler<Object> {

    private final InvocableHandlerMethod method;

    SubscriberHandler(InvocableHandlerMethod method) {
        this.method = method;
    }

    @Override
    public void handle(MessageContext<Object> context) throws Exception {
        await(invoke(new DeliveredMessage(context)));
    }

    private @Nullable Object invoke(DeliveredMessage message) throws Exception {
        try {
            return method.invoke(message);
        } catch (MethodArgumentNotValidException e) {
            BindingResult result = e.getBindingResult();
            throw result == null ? e : new InvalidPayloadException(message, e, result);
        }
    }

    /** On the worker, so that concurrency, order and deadlines hold for what runs on as they do for a method that blocks. */
    static void await(@Nullable Object result) throws Exception {
        if (!(result instanceof CompletionStage<?> stage)) {
            return;
        }
        CompletableFuture<?> future = stage.toCompletableFuture();
        try {
            future.get();
        } catch (InterruptedException lost) {
            future.cancel(true);
            throw lost;
        } catch (ExecutionException e) {
            throw failure(e);
        }
    }

    private static Exception failure(ExecutionException e) {
        if (e.getCause() instanceof Error error) {
            throw error;
        }
        return e.getCause() instanceof Exception failure ? failure : e;
    }
}
