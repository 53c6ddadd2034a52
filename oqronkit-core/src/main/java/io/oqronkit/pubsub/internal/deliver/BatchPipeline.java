package io.oqronkit.pubsub.internal.deliver;

import io.oqronkit.pubsub.BatchFailedException;
import io.oqronkit.pubsub.BatchHandler;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Queue;

/**
 * The life of several deliveries in this process: each is opened as one alone would be, those that are to be handled go to
 * the handler together, and each is settled by itself. For competing groups, where nothing waits for anything else. Safe for
 * concurrent use; runs on a worker's thread.
 */
public final class BatchPipeline<T> implements DeliveryWork {

    private final DeliveryPipeline<T> pipeline;
    private final BatchHandler<T> handler;
    private final int most;

    public BatchPipeline(DeliveryPipeline<T> pipeline, BatchHandler<T> handler, int most) {
        this.pipeline = pipeline;
        this.handler = handler;
        this.most = most;
    }

    @Override
    public int most() {
        return most;
    }

    @Override
    public int accept(Delivery next, Queue<Delivery> behind) {
        List<Delivery> taken = take(next, behind);
        List<Delivery> begun = taken.stream().filter(pipeline::begin).toList();
        try {
            List<DeliveryContext<T>> open = new ArrayList<>();
            for (Delivery delivery : begun) {
                DeliveryContext<T> context = pipeline.open(delivery);
                if (context != null) {
                    open.add(context);
                }
            }
            if (!open.isEmpty()) {
                handle(open);
            }
        } catch (Throwable defect) { // ours: the messages come again
            begun.forEach(delivery -> delivery.partition().lose(delivery));
            throw defect;
        } finally {
            begun.forEach(Delivery::end);
        }
        return taken.size();
    }

    private List<Delivery> take(Delivery next, Queue<Delivery> behind) {
        List<Delivery> taken = new ArrayList<>();
        for (Delivery one = next; one != null; one = taken.size() < most ? behind.poll() : null) {
            taken.add(one);
        }
        return taken;
    }

    private void handle(List<DeliveryContext<T>> open) {
        try {
            handler.handle(Collections.unmodifiableList(open));
            open.forEach(DeliveryContext::returned);
        } catch (BatchFailedException failure) {
            failedAt(failure, open);
        } catch (Throwable failure) { // whatever user code throws is one failed attempt of each
            open.forEach(context -> context.threwUnlessSettled(failure));
        }
    }

    private void failedAt(BatchFailedException failure, List<DeliveryContext<T>> open) {
        int index = failure.index();
        if (index < 0 || index >= open.size()) {
            open.forEach(context -> context.threwUnlessSettled(failure));
            return;
        }
        open.subList(0, index).forEach(DeliveryContext::returned);
        open.get(index).threwUnlessSettled(Objects.requireNonNullElse(failure.getCause(), failure));
        Workers.handBack(open.subList(index + 1, open.size()).stream()
                .flatMap(context -> context.takeBack().stream())
                .toList());
    }
}
