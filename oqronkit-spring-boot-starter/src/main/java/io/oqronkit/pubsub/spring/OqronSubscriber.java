package io.oqronkit.pubsub.spring;

import io.oqronkit.pubsub.MessageContext;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes a bean method the handler of a consumer group. A method that returns acknowledges the message; one that throws
 * causes a retry after a backoff and, when the retries are used up, a dead letter with the exception as its cause. At
 * least once: the same message may come again after a crash.
 *
 * <pre>{@code
 * @OqronSubscriber(topic = "order-events", group = "shipping", filter = "event == 'order.paid'")
 * void ship(OrderEvent event) { ... }
 * }</pre>
 *
 * <p>The method takes, in any order: the payload (also as {@code @Payload}, with {@code @Valid}), a
 * {@link MessageContext}, Spring's {@code Message}, a header as {@code @Header("name")}, all headers as
 * {@code @Headers Map}. A payload that is not valid becomes a dead letter at once. A method that returns a {@link
 * java.util.concurrent.CompletionStage} is done when that is; the thread waits for it. The payload's type is the one the method declares, never one a message names. With
 * {@code concurrency} above 1 the method is called from several threads at once.
 *
 * <p>A method that takes a {@code List} alone, of payloads, of {@code MessageContext}s or of {@code Message}s, is a batch
 * handler: see {@link io.oqronkit.pubsub.BatchHandler}.
 *
 * <p>All attributes are texts in which <code>${...}</code> and <code>#{...}</code> are resolved at start; empty means not
 * set. Properties below {@code oqronkit.pubsub.topics.<topic>.groups.<group>} win over them; they win over those of the
 * topic and over {@code oqronkit.pubsub.defaults}. A bad attribute stops the start with a message that names method,
 * attribute, value and what is allowed. The annotation may stand on an annotation of your own, with {@code @AliasFor}.
 */
@Documented
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
public @interface OqronSubscriber {

    /** The topic, 1 to 120 characters out of {@code A-Z a-z 0-9 . _ -}. */
    String topic();

    /** The consumer group, named like a topic. Each group gets every message and has one handler in an application. */
    String group();

    /**
     * Which messages are handled: a SpEL expression that gives true or false; the others are settled unhandled. Its root
     * is the payload, so {@code event == 'order.paid'} reads the payload's {@code event}; {@code #headers} and
     * {@code #key} stand beside it; one that reads only these decides before the payload is decoded. It only reads: no
     * methods, types, beans or assignments. Instead of an expression {@code @name} names a bean, which is a {@link
     * io.oqronkit.pubsub.MessageFilter} or a {@link io.oqronkit.pubsub.HeaderFilter}. One that fails counts as a failed
     * attempt.
     */
    String filter() default "";

    /** Calls of the method at the same time in this process, 1 to 1,000; default 1. */
    String concurrency() default "";

    /**
     * How the processes of a group share its messages: {@code competing}, the default, {@code key-ordered} or
     * {@code exclusive}.
     */
    String mode() default "";

    /** Who settles: {@code auto}, the default, or {@code manual}, where the method calls {@link MessageContext#ack()}. */
    String ackMode() default "";

    /** Where a new group begins: {@code latest}, the default, {@code earliest}, an offset or an ISO-8601 instant. */
    String startFrom() default "";

    /** Retries after the first attempt, 0 to 1,000; default 5. */
    String maxRetries() default "";

    /** {@code false}: not started with the application but by {@link OqronSubscriberRegistry#start(String)}. */
    String autoStartup() default "";

    /** Name in the {@link OqronSubscriberRegistry}; default {@code <topic>/<group>}. */
    String id() default "";
}
