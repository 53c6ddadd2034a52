package io.oqronkit.pubsub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ShadowReplaySpecTest {

    private static final ShadowReplaySpec<String> SPEC = ShadowReplaySpec.from(Position.earliest());

    @Test
    void runsToWhatIsThereUnlimitedByDefault() {
        assertThat(SPEC.from()).isEqualTo(Position.earliest());
        assertThat(SPEC.to()).isEqualTo(Position.latest());
        assertThat(SPEC.rate()).isEmpty();
        assertThat(SPEC.isDryRun()).isFalse();
    }

    @Test
    void isImmutable() {
        SPEC.to(Position.offset(3)).rate(5).concurrency(7).dryRun();

        assertThat(SPEC.to()).isEqualTo(Position.latest());
        assertThat(SPEC.rate()).isEmpty();
        assertThat(SPEC.isDryRun()).isFalse();
        assertThat(SPEC.deliveryTo("g").settings().concurrency()).isEqualTo(1);
    }

    @Test
    void keepsWhatWasSetBefore() {
        MessageHandler<String> handler = context -> {};
        ShadowReplaySpec<String> spec = SPEC.handler(handler)
                .filter(text -> text.equals("yes"))
                .concurrency(7)
                .maxRetries(2)
                .rate(5)
                .to(Position.offset(3));
        SubscriptionSpec<String> delivery = spec.deliveryTo("__shadow-x");

        assertThat(delivery.group()).isEqualTo("__shadow-x");
        assertThat(delivery.handler()).isSameAs(handler);
        assertThat(delivery.filter().accepts("no", null, Map.of())).isFalse();
        assertThat(delivery.settings().concurrency()).isEqualTo(7);
        assertThat(delivery.settings().maxRetries()).isEqualTo(2);
        assertThat(spec.rate()).hasValue(5);
        assertThat(spec.to()).isEqualTo(Position.offset(3));
    }

    @Test
    void aDryRunNeverCallsTheHandlerInWhateverOrderItIsAskedFor() throws Exception {
        MessageHandler<String> handler = context -> {
            throw new AssertionError("called");
        };

        SPEC.dryRun().handler(handler).deliveryTo("g").handler().handle(null);
        SPEC.handler(handler).dryRun().deliveryTo("g").handler().handle(null);

        assertThat(SPEC.dryRun().maxRetries(3).deliveryTo("g").settings().maxRetries())
                .isZero();
    }

    @Test
    void namesWhatIsWrong() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ShadowReplaySpec.from(null))
                .withMessage("from must not be null");
        assertThatIllegalArgumentException().isThrownBy(() -> SPEC.to(null)).withMessage("to must not be null");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SPEC.rate(0))
                .withMessage("rate must be between 1 and 1000000 but was 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SPEC.concurrency(0))
                .withMessage("concurrency must be between 1 and 1000 but was 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SPEC.rate(2).concurrency(121))
                .withMessageEndingWith("but was 121 at a rate of 2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SPEC.concurrency(121).rate(2))
                .withMessageEndingWith("but was 121 at a rate of 2");
    }
}
