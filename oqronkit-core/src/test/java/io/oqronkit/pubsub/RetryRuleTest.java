package io.oqronkit.pubsub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RetryRuleTest {

    private static final SubscriptionSpec<String> SPEC = SubscriptionSpec.group("g");

    static Stream<Arguments> failures() {
        return Stream.of(
                arguments(new IOException(), true),
                arguments(new FileNotFoundException(), true),
                arguments(new UncheckedIOException(new FileNotFoundException()), true),
                arguments(new IllegalStateException(new RuntimeException(new IOException())), true),
                arguments(new IllegalStateException(), false),
                arguments(new AssertionError(), false),
                arguments(new RuntimeException(new Exception()), false));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void aClassStandsForItsSubclassesAndForWhatItCauses(Throwable failure, boolean isNamed) {
        assertThat(RetryRule.noRetryFor(List.of(IOException.class)).retries(failure))
                .isEqualTo(!isNamed);
        assertThat(RetryRule.retryOnlyFor(List.of(IOException.class)).retries(failure))
                .isEqualTo(isNamed);
        assertThat(RetryRule.always().retries(failure)).isTrue();
    }

    @Test
    void aChainOfCausesThatGoesInACircleEnds() {
        Exception first = new Exception();
        first.initCause(new Exception(first));

        assertThat(RetryRule.noRetryFor(List.of(IOException.class)).retries(first))
                .isTrue();
    }

    @Test
    void aSpecSaysWhatItRetriesInTheWordsOfTheConfiguration() {
        SubscriptionSettings settings = SubscriptionSettings.resolve(
                SPEC.noRetryFor(IOException.class, AssertionError.class).settings(), DeadLetterPolicy.defaults());

        assertThat(settings).asString().contains(" no-retry-for=[java.io.IOException,java.lang.AssertionError] ");
        assertThat(SPEC.retryOnlyFor(IOException.class).settings().retryRule())
                .hasToString("retry-only-for=[java.io.IOException]");
    }

    @Test
    void theTwoKindsExcludeEachOther() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SPEC.noRetryFor(IOException.class).retryOnlyFor(Error.class))
                .withMessage(
                        "no-retry-for=[java.io.IOException] and retry-only-for=[java.lang.Error] exclude each other");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SPEC.retryOnlyFor(IOException.class).noRetryFor(Error.class))
                .withMessage(
                        "retry-only-for=[java.io.IOException] and no-retry-for=[java.lang.Error] exclude each other");
    }

    @Test
    @SuppressWarnings({"unchecked", "rawtypes"})
    void aRuleWithoutAClassOfAThrowableIsRefused() {
        Set notThrowable = Set.of(String.class);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> SPEC.noRetryFor())
                .withMessage("no-retry-for must have a class but had []");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RetryRule.retryOnlyFor(notThrowable))
                .withMessage("retry-only-for must be classes of exceptions or errors but had class java.lang.String");
    }
}
