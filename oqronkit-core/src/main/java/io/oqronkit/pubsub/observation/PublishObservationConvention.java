package io.oqronkit.pubsub.observation;

import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/**
 * How a call that publishes is named in a trace, and what it says of itself. Override what is to be different and give it
 * to the builder, in Spring as a bean; a {@code GlobalObservationConvention} for {@link PublishObservationContext} does as
 * well.
 */
public interface PublishObservationConvention extends ObservationConvention<PublishObservationContext> {

    /** As it is unless an application says otherwise. */
    PublishObservationConvention DEFAULT = new PublishObservationConvention() {};

    @Override
    default boolean supportsContext(Observation.Context context) {
        return context instanceof PublishObservationContext;
    }

    /** {@code oqronkit.pubsub.observation.publish} */
    @Override
    default String getName() {
        return "oqronkit.pubsub.observation.publish";
    }

    /** The topic and {@code publish}. */
    @Override
    default String getContextualName(PublishObservationContext context) {
        return context.topic() + " publish";
    }

    @Override
    default KeyValues getLowCardinalityKeyValues(PublishObservationContext context) {
        return KeyValues.of(
                "messaging.system", "redis",
                "messaging.operation.name", "publish",
                "messaging.destination.name", context.topic());
    }

    /** How many messages; of a single one that is stored also its id and partition. */
    @Override
    default KeyValues getHighCardinalityKeyValues(PublishObservationContext context) {
        KeyValues count = KeyValues.of("messaging.batch.message_count", Integer.toString(context.messages()));
        if (context.receipts().size() != 1) {
            return count;
        }
        var receipt = context.receipts().get(0);
        return count.and(
                "messaging.message.id", receipt.id().toString(),
                "messaging.destination.partition.id", Integer.toString(receipt.partition()));
    }
}
