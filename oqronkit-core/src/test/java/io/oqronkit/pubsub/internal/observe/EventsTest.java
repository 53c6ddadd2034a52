package io.oqronkit.pubsub.internal.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oqronkit.pubsub.PubSubEvent;
import io.oqronkit.pubsub.PubSubEvent.SubscriptionRecovered;
import io.oqronkit.pubsub.PubSubListener;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class EventsTest {

    private final Queue<PubSubEvent> heard = new ConcurrentLinkedQueue<>();

    @Test
    void tellsEveryListenerInOrderOnAThreadOfItsOwn() {
        Queue<PubSubEvent> alsoHeard = new ConcurrentLinkedQueue<>();
        Queue<String> threads = new ConcurrentLinkedQueue<>();
        try (Events events = events(
                event -> {
                    heard.add(event);
                    threads.add(Thread.currentThread().getName());
                },
                alsoHeard::add)) {
            events.onEvent(event(1));
            events.onEvent(event(2));
        }

        assertThat(heard).containsExactly(event(1), event(2));
        assertThat(alsoHeard).containsExactly(event(1), event(2));
        assertThat(threads).containsOnly("oqronkit-events");
    }

    @Test
    void aListenerThatThrowsHurtsNeitherTheOthersNorTheNextEvent() {
        try (Events events = events(
                event -> {
                    throw new AssertionError("a defect");
                },
                heard::add)) {
            events.onEvent(event(1));
            events.onEvent(event(2));
        }

        assertThat(heard).containsExactly(event(1), event(2));
    }

    @Test
    void dropsTheOldestWhenAListenerIsTooSlow() throws InterruptedException {
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        try (Events events = events(event -> {
            first.countDown();
            awaitUninterruptibly(goOn);
            heard.add(event);
        })) {
            events.onEvent(event(0));
            first.await();
            for (int i = 1; i <= 1_010; i++) {
                events.onEvent(event(i));
            }
            goOn.countDown();
            await().until(() -> heard.size() == 1_001);
        }

        assertThat(heard.stream().map(EventsTest::number).collect(Collectors.toList()))
                .startsWith(0, 11)
                .endsWith(1_010);
    }

    @Test
    void withoutListenersOrEventsThereIsNoThread() {
        try (Events none = events();
                Events quiet = events(heard::add)) {
            none.onEvent(event(1));

            assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .doesNotContain("oqronkit-events");
            quiet.onEvent(event(2));
        }
        assertThat(heard).containsExactly(event(2));
    }

    private static Events events(PubSubListener... listeners) {
        return new Events(List.of(listeners), new Watch(null, null, null));
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static PubSubEvent event(int partition) {
        return new SubscriptionRecovered("orders", "billing", partition, Instant.EPOCH);
    }

    private static int number(PubSubEvent event) {
        return ((PubSubEvent.OfGroup) event).partition();
    }
}
