package io.oqronkit.pubsub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the immutable descriptions of topics, subscriptions and messages accept and refuse. */
class SpecsTest {

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "a b", "a:b", "{a}", "ä", "a\n", "order/events"})
    void namesAreAClosedAlphabet(String name) {
        String why = " '" + name + "' is not allowed: 1 to 120 characters out of A-Z a-z 0-9 . _ -";

        refuses(() -> TopicSpec.of(name, String.class), "topic" + why);
        refuses(() -> SubscriptionSpec.group(name), "group" + why);
    }

    @Test
    void namesHaveAtMost120CharactersAndDoNotBeginWithTwoUnderscores() {
        String longest = "x".repeat(120);
        assertThat(TopicSpec.of(longest, String.class).name()).isEqualTo(longest);
        assertThat(SubscriptionSpec.group("A-Z_a.z-0").group()).isEqualTo("A-Z_a.z-0");

        refuses(
                () -> TopicSpec.of(longest + "x", String.class),
                "topic '" + longest + "x' is not allowed: 1 to 120 characters out of A-Z a-z 0-9 . _ -");
        refuses(
                () -> SubscriptionSpec.group("__parked"),
                "group '__parked' is not allowed: names that begin with '__' are reserved");
    }

    @Test
    void topicsHaveOneTo1024Partitions() {
        TopicSpec<String> spec = TopicSpec.of("t", String.class);

        assertThat(spec.partitions()).isEmpty();
        assertThat(spec.partitions(1024).partitions()).hasValue(1024);
        refuses(() -> spec.partitions(0), "partitions must be between 1 and 1024 but was 0");
        refuses(() -> spec.partitions(1025), "partitions must be between 1 and 1024 but was 1025");
    }

    @Test
    void redrivesHaveAPositiveRateAndLimit() {
        assertThat(Redrive.all().perSecond()).isEmpty();
        assertThat(Redrive.all().limit()).isEmpty();
        assertThat(Redrive.all().atRate(0.001).perSecond()).hasValue(0.001);
        assertThat(Redrive.all().atRate(5).limit(7).perSecond()).hasValue(5);
        refuses(() -> Redrive.all().atRate(0), "atRate must be between 0.001 and 100000 but was 0.0");
        refuses(() -> Redrive.all().atRate(Double.NaN), "atRate must be between 0.001 and 100000 but was NaN");
        refuses(() -> Redrive.all().limit(0), "limit must be between 1 and 9223372036854775807 but was 0");
        refuses(() -> Redrive.all().where(null), "where must not be null");
        refuses(
                () -> DeadLetterPolicy.defaults().maxRedrives(1001),
                "dead-letter.max-redrives must be between 0 and 1000 but was 1001");
        assertThat(DeadLetterPolicy.disabled().maxRedrives(0).maxRedrives()).isZero();
    }

    @Test
    void topicsRefuseMissingParts() {
        TopicSpec<String> spec = TopicSpec.of("t", String.class);

        refuses(() -> TopicSpec.of("t", null), "type must not be null");
        refuses(() -> spec.retention(null), "retention must not be null");
        refuses(() -> spec.deadLetter(null), "deadLetter must not be null");
        refuses(
                () -> DeadLetterPolicy.afterRetries(-1),
                "dead-letter.max-retries must be between 0 and 1000 but was -1");
        refuses(
                () -> DeadLetterPolicy.afterRetries(1001),
                "dead-letter.max-retries must be between 0 and 1000 but was 1001");
    }

    @Test
    void specsAreCopiedNotChanged() {
        TopicSpec<String> topic = TopicSpec.of("t", String.class);
        SubscriptionSpec<String> subscription = SubscriptionSpec.group("g");
        OutgoingMessage<String> message = OutgoingMessage.of("x");

        topic.partitions(4).retention(Retention.of(null, 5)).deadLetter(DeadLetterPolicy.disabled());
        subscription.concurrency(5).handler(context -> {}).maxRetries(9);
        message.key("k").header("a", "b");

        assertThat(topic.partitions()).isEmpty();
        assertThat(topic.retention()).isEqualTo(Retention.forever());
        assertThat(topic.deadLetter()).isEqualTo(DeadLetterPolicy.afterRetries(5));
        assertThat(subscription.settings()).isEqualTo(GroupSettings.none());
        assertThat(message.key()).isNull();
        assertThat(message.headers()).isEmpty();
    }

    @Test
    void subscriptionsNameTheSettingThatIsOutOfBounds() {
        SubscriptionSpec<String> spec = SubscriptionSpec.group("g");

        refuses(() -> spec.concurrency(0), "concurrency must be between 1 and 1000 but was 0");
        refuses(() -> spec.concurrency(1001), "concurrency must be between 1 and 1000 but was 1001");
        refuses(() -> spec.maxRetries(-1), "maxRetries must be between 0 and 1000 but was -1");
        refuses(() -> spec.ackDeadline(Duration.ofMillis(999)), "ackDeadline must be between 1s and 1h but was 999ms");
        refuses(() -> spec.ackDeadline(null), "ackDeadline must be between 1s and 1h but was null");
        refuses(
                () -> spec.maxProcessingTime(Duration.ofHours(25)),
                "maxProcessingTime must be between 1s and 1d but was 25h");
        refuses(() -> spec.mode(null), "mode must not be null");
        refuses(() -> spec.ackMode(null), "ackMode must not be null");
        refuses(() -> spec.startFrom(null), "startFrom must not be null");
        refuses(() -> spec.backoff(null), "backoff must not be null");
        refuses(() -> spec.handler(null), "handler must not be null");
        refuses(() -> spec.filter((MessageFilter<String>) null), "filter must not be null");
        refuses(spec::handler, "handler of group 'g' must not be null");
    }

    @Test
    void laterSettingsWinAndOthersStay() {
        SubscriptionSpec<String> spec =
                SubscriptionSpec.<String>group("g").concurrency(2).maxRetries(1).concurrency(7);

        assertThat(spec.settings().concurrency()).isEqualTo(7);
        assertThat(spec.settings().maxRetries()).isEqualTo(1);
    }

    @Test
    void messagesHaveAPayload() {
        refuses(() -> OutgoingMessage.of(null), "payload must not be null");
    }

    @Test
    void keysHaveOneTo1024Characters() {
        OutgoingMessage<String> message = OutgoingMessage.of("x");

        assertThat(message.key("k".repeat(1024)).key()).hasSize(1024);
        refuses(() -> message.key(""), "length of key must be between 1 and 1024 but was 0");
        refuses(() -> message.key("k".repeat(1025)), "length of key must be between 1 and 1024 but was 1025");
        refuses(() -> message.key(null), "key must not be null");
    }

    @Test
    void headersAreBoundedInNumberAndSize() {
        Map<String, String> most = new LinkedHashMap<>();
        IntStream.range(0, 64).forEach(i -> most.put("h" + i, ""));
        OutgoingMessage<String> message = OutgoingMessage.of("x").headers(most);

        assertThat(message.headers()).hasSize(64).containsEntry("h0", "");
        assertThat(message.header("h0", "again").headers()).hasSize(64);
        refuses(() -> message.header("one-more", ""), "number of headers must be between 0 and 64 but was 65");
        refuses(
                () -> OutgoingMessage.of("x").header("h", "v".repeat(8192)),
                "size of headers in characters must be between 0 and 8192 but was 8193");
    }

    @Test
    void headerNamesAreNeitherEmptyNorReservedNorControlCharacters() {
        OutgoingMessage<String> message = OutgoingMessage.of("x");

        refuses(
                () -> message.header("", "v"),
                "header name '' is not allowed: it must not be empty or hold control characters");
        refuses(
                () -> message.header("a\r\nb", "v"),
                "header name 'a??b' is not allowed: it must not be empty or hold control characters");
        refuses(
                () -> message.header("Oqron-Attempt", "v"),
                "header name 'Oqron-Attempt' is not allowed: names that begin with 'oqron-' are reserved");
        refuses(() -> message.header("h", null), "value of header h must not be null");
        refuses(() -> message.header(null, "v"), "header name must not be null");
    }

    @Test
    void headersOfAMapWithoutNameOrValueAreRefusedByName() {
        Map<String, String> noName = new LinkedHashMap<>();
        noName.put(null, "v");
        Map<String, String> noValue = new LinkedHashMap<>();
        noValue.put("h", null);

        refuses(() -> OutgoingMessage.of("x").headers(noName), "header name must not be null");
        refuses(() -> OutgoingMessage.of("x").headers(noValue), "value of header h must not be null");
    }

    @Test
    void textFormsHideThePayload() {
        OutgoingMessage<String> message = OutgoingMessage.of("secret").key("k").header("h", "secret");

        assertThat(message).hasToString("OutgoingMessage[key=k, headers=[h]]");
    }

    @Test
    void delaysAreOneMillisecondTo365Days() {
        OutgoingMessage<String> message = OutgoingMessage.of("x");
        Instant tooLate = Instant.now().plus(Duration.ofDays(366));

        refuses(() -> message.delay(Duration.ZERO), "delay must be between 1ms and 365d but was 0s");
        refuses(() -> message.delay(Duration.ofDays(366)), "delay must be between 1ms and 365d but was 366d");
        refuses(() -> message.delay(null), "delay must be between 1ms and 365d but was null");
        refuses(() -> message.deliverAt(null), "deliverAt must not be null");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> message.deliverAt(tooLate))
                .withMessageMatching("deliverAt must be at most \\S+Z, 365 days from now, but was " + tooLate);
    }

    @Test
    void ofDelayAndDeliverAtTheLastOneHolds() {
        OutgoingMessage<String> delayed = OutgoingMessage.of("x").delay(Duration.ofHours(1));
        OutgoingMessage<String> dated = delayed.deliverAt(Instant.EPOCH).key("k");

        assertThat(dated.deliverAt()).isEqualTo(Instant.EPOCH);
        assertThat(dated.delay()).isNull();
        assertThat(dated.delay(Duration.ofHours(2)).deliverAt()).isNull();
        assertThat(delayed.timeToLive(Duration.ofHours(3)).delay()).isEqualTo(Duration.ofHours(1));
    }

    private static void refuses(ThrowingCallable call, String message) {
        assertThatIllegalArgumentException().isThrownBy(call).withMessage(message);
    }
}
