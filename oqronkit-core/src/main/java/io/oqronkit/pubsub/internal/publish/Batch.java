package io.oqronkit.pubsub.internal.publish;

import io.oqronkit.pubsub.internal.redis.PublishSteps.EncodedMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/** The bundles that go to Redis in one call. Changed by whoever has its answer, the bundles under its publisher's lock. */
final class Batch {

    /**
     * Redis keeps each argument of a script as an interned text whose hash looks at every seventh byte of 200. Payloads that
     * differ in few bytes collide, and what that costs grows with the square of the batch: 1.1 s of Redis's time for 100,000
     * messages in batches of 512, 0.7 s in batches of 128. Where they do not collide, larger batches gain less than 10 %.
     */
    private static final int MAX_MESSAGES = 128;

    private static final long MAX_BYTES = 1024 * 1024;

    /** Where it is: taken from the queue, sent and not answered, or failed and to be sent again. */
    enum State {
        TAKEN,
        UNDER_WAY,
        GROUNDED
    }

    final long sequence;
    /** The batch that is under way before it, without which it must not be stored; 0 for none. */
    long after;

    final List<Bundle> bundles;
    /** An earlier attempt got no answer: it may have been stored, so the batch must stay as it is. */
    boolean uncertain;

    int attempts;
    State state = State.TAKEN;

    private Batch(long sequence, long after, List<Bundle> bundles) {
        this.sequence = sequence;
        this.after = after;
        this.bundles = bundles;
    }

    /** Takes what is waiting, up to 128 messages or 1 MiB, but at least one bundle, however large. */
    static Batch take(long sequence, long after, Queue<Bundle> waiting) {
        List<Bundle> taken = new ArrayList<>();
        int messages = 0;
        long bytes = 0;
        while (true) {
            Bundle next = waiting.peek();
            if (next == null) {
                break;
            }
            messages += next.count();
            bytes += next.size();
            if (!taken.isEmpty() && (messages > MAX_MESSAGES || bytes > MAX_BYTES)) {
                break;
            }
            taken.add(waiting.remove());
        }
        return new Batch(sequence, after, taken);
    }

    /** Takes the later half of the bundles out; empty if there is only one. */
    List<Bundle> splitOff() {
        List<Bundle> half = bundles.subList((bundles.size() + 1) / 2, bundles.size());
        List<Bundle> later = List.copyOf(half);
        half.clear();
        return later;
    }

    List<EncodedMessage> messages() {
        List<EncodedMessage> all = new ArrayList<>(bundles.size());
        for (Bundle bundle : bundles) {
            all.addAll(bundle.messages());
        }
        return all;
    }
}
