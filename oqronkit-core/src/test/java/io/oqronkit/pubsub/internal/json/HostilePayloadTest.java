package io.oqronkit.pubsub.internal.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.oqronkit.pubsub.PayloadCodecException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.DefaultTyping;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.BasicPolymorphicTypeValidator;

/** A payload says what a message holds, never which class is made of it. */
class HostilePayloadTest {

    private static final AtomicBoolean LOADED = new AtomicBoolean();
    private static final String GADGET = HostilePayloadTest.class.getName() + "$Gadget";

    /** What an attacker would name: being loaded is harm enough. */
    static final class Gadget {
        static {
            LOADED.set(true);
        }
    }

    record Event(String name, Object detail) {}

    private final JsonCodec plain = new JsonCodec(JsonMapper.builder().build());
    private final JsonCodec permissive = new JsonCodec(JsonMapper.builder()
            .activateDefaultTyping(
                    BasicPolymorphicTypeValidator.builder()
                            .allowIfBaseType(Object.class)
                            .build(),
                    DefaultTyping.NON_FINAL)
            .build());

    @ParameterizedTest
    @ValueSource(strings = {"@class", "@type", "class", "$type", "@c"})
    void aTypeNamedInAFieldIsNeverLoaded(String field) {
        String gadget = "{\"%s\":\"%s\"}".formatted(field, GADGET);
        byte[] json = bytes("{\"%s\":\"%s\",\"name\":\"x\",\"detail\":%s}".formatted(field, GADGET, gadget));

        for (JsonCodec codec : List.of(plain, permissive)) {
            assertThat(codec.decode(json, Event.class)).isEqualTo(new Event("x", Map.of(field, GADGET)));
            assertThat(codec.decode(json, Object.class)).isInstanceOf(Map.class);
        }
        assertThat(LOADED).isFalse();
    }

    /** The form that default typing takes by default. */
    @Test
    void aTypeNamedInAnArrayIsNeverLoaded() {
        byte[] json = bytes("[\"%s\",{}]".formatted(GADGET));

        for (JsonCodec codec : List.of(plain, permissive)) {
            assertThat(codec.decode(json, Object.class)).isEqualTo(List.of(GADGET, Map.of()));
        }
        assertThat(LOADED).isFalse();
    }

    @Test
    void whatIsWrittenNamesNoClassEither() {
        assertThat(new String(permissive.encode(new Event("x", Map.of("a", 1))), StandardCharsets.UTF_8))
                .isEqualTo("{\"name\":\"x\",\"detail\":{\"a\":1}}");
    }

    @Test
    void nestingAndNumbersAreBounded() {
        String deep = "[".repeat(2_000) + "]".repeat(2_000);
        String long_ = "1".repeat(5_000);

        for (String json : List.of(deep, long_)) {
            assertThatExceptionOfType(PayloadCodecException.class)
                    .isThrownBy(() -> plain.decode(bytes(json), Object.class))
                    .withMessageNotContaining("[[[[[[")
                    .withMessageNotContaining("1111111111");
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
