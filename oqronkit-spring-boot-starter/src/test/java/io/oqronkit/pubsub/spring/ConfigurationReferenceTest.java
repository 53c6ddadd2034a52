package io.oqronkit.pubsub.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.oqronkit.pubsub.DeadLetterPolicy;
import io.oqronkit.pubsub.GroupSettings;
import io.oqronkit.pubsub.Retention;
import io.oqronkit.pubsub.SubscriptionSettings;
import io.oqronkit.pubsub.TopicSpec;
import io.oqronkit.pubsub.spring.ConfigurationReference.Property;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/guide/configuration.md} says of every property what the metadata says, and that says what the code does. */
class ConfigurationReferenceTest {

    private static final Path PAGE = Path.of("../docs/guide/configuration.md");
    private static final String WRITE = "reference.write";

    private final ConfigurationReference reference;

    ConfigurationReferenceTest() throws IOException {
        reference = ConfigurationReference.read();
    }

    @Test
    void thePageIsWhatTheMetadataSays() throws IOException {
        if (Boolean.getBoolean(WRITE)) {
            Files.writeString(PAGE, reference.page());
        }

        assertThat(Files.readString(PAGE))
                .as("%s differs from the metadata: write it anew with -D%s=true, and look at the change", PAGE, WRITE)
                .isEqualTo(reference.page());
    }

    @Test
    void everyPropertyHasADescription() {
        assertThat(everything()).isNotEmpty().allSatisfy(property -> assertThat(property.description())
                .as(property.name())
                .endsWith("."));
    }

    @Test
    void aTopicHoldsWhatItsGroupsHold() {
        Set<String> ofGroup = new TreeSet<>(ConfigurationReference.names(reference.ofGroup()));
        ofGroup.remove("max-retries");

        assertThat(reference.namesOfTopic()).containsAll(ofGroup).contains("dead-letter.max-retries");
    }

    @Test
    void theDefaultsOfAGroupAreThoseOfTheLibrary() {
        String settings = SubscriptionSettings.resolve(GroupSettings.none(), DeadLetterPolicy.defaults()) + " ";

        assertThat(reference.ofGroup())
                .filteredOn(property -> !property.defaultValue().isEmpty())
                .filteredOn(property -> !property.name().startsWith("backoff."))
                .hasSize(9)
                .allSatisfy(property ->
                        assertThat(settings).contains(property.name() + "=" + property.defaultValue() + " "));
    }

    @Test
    void theDefaultsOfATopicAreThoseOfTheLibrary() {
        TopicSpec<String> topic = TopicSpec.of("orders", String.class);
        Map<String, String> defaults =
                reference.ofTopic().stream().collect(Collectors.toMap(Property::name, Property::defaultValue));

        assertThat(defaults)
                .containsEntry("idempotency-window", StartRefusedException.text(topic.idempotencyWindow()))
                .containsEntry(
                        "retention.unfinished",
                        RelaxedNames.of(topic.retention().unfinished()))
                .containsEntry(
                        "retention.abandon-after",
                        StartRefusedException.text(topic.retention().abandonAfter()))
                .containsEntry("retention.cap-action", RelaxedNames.of(Retention.CapAction.REJECT))
                .containsEntry(
                        "dead-letter.enabled", String.valueOf(topic.deadLetter().enabled()))
                .containsEntry(
                        "dead-letter.max-retries",
                        String.valueOf(topic.deadLetter().maxRetries()))
                .containsEntry(
                        "dead-letter.max-redrives",
                        String.valueOf(topic.deadLetter().maxRedrives()));
    }

    private List<Property> everything() {
        return Stream.of(
                        reference.application(),
                        reference.ofTopic(),
                        reference.ofGroup(),
                        reference.actuator(),
                        reference.embeddedRedis())
                .flatMap(List::stream)
                .toList();
    }
}
