package io.oqronkit.pubsub.observation;

import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import io.oqronkit.pubsub.MessageContext;

/**
 * How the call of a handler is named in a trace, and what it says of itself. Override what is to be different and give it
 * to the builder, in Spring as a bean; a {@code GlobalObservationConvention} for {@link ProcessObservationContext} does as
 * well.
 */
public interface ProcessObservationConvention extends ObservationConvention<ProcessObservationContext> {

    /** As it is unless an application says otherwise. */
    ProcessObservationConvention DEFAULT = new ProcessObservationConvention() {};

    @Override
    default boolean supportsContext(Observation.Context context) {
        return context instanceof ProcessObservationContext;
    }

    /** {@code oqronkit.pubsub.observation.process} */
    @Override
    default String getName() {
        return "oqronkit.pubsub.observation.process";
    }

    /** The topic and {@code process}. */
    @Override
    default String getContextualName(ProcessObservationContext context) {
        return context.message().topic() + " process";
    }

    @Override
    default KeyValues getLowCardinalityKeyValues(ProcessObservationContext context) {
        return KeyValues.of(
                "messaging.system",
                "redis",
                "messaging.operation.name",
                "process",
                "messaging.destination.name",
                context.message().topic(),
                "messaging.consumer.group.name",
                context.message().group());
    }

    /** Message id, partition, and the number of the attempt. */
    @Override
    default KeyValues getHighCardinalityKeyValues(ProcessObservationContext context) {
        MessageContext<?> message = context.message();
        return KeyValues.of(
                "messaging.message.id", message.id().toString(),
                "messaging.destination.partition.id", Integer.toString(message.partition()),
                "messaging.oqronkit.attempt", Integer.toString(message.attempt()));
    }
}
