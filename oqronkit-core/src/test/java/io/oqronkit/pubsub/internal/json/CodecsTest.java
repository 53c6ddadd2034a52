package io.oqronkit.pubsub.internal.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.oqronkit.pubsub.PayloadCodecException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class CodecsTest {

    private final JsonCodec codec = new JsonCodec(JsonMapper.builder().build());

    record Event(String name, int amount) {}

    @Test
    void readsWhatItWrote() {
        Event event = new Event("paid", 3);

        assertThat(codec.decode(codec.encode(event), Event.class)).isEqualTo(event);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "17", "\"text\"", "null", "[1]", "{\"name\":\"x\",\"amount\":\"x\"}"})
    void refusesBytesThatAreNoValueOfTheType(String json) {
        assertThatExceptionOfType(PayloadCodecException.class)
                .isThrownBy(() -> codec.decode(bytes(json), Event.class))
                .withMessageContaining(Event.class.getTypeName());
    }

    /** What cannot be read is kept with a dead letter and logged. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"amount\":\"alice@example.com\"}",
                "{\"amount\":\"al\\\"ice\\\": x\"}",
                "{\"day\":\"alice\"}",
                "alice",
                "{\"amount\":alice}",
                "{\"amount\":40404040404040404040}",
                "[\"alice\"]"
            })
    void saysWhereAPayloadIsWrongWithoutQuotingIt(String json) {
        assertThatExceptionOfType(PayloadCodecException.class)
                .isThrownBy(() -> codec.decode(bytes(json), Dated.class))
                .withMessageContaining("column")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("alice", "ice", "4040"));
    }

    record Dated(java.time.LocalDate day, int amount) {}

    @Test
    void refusesAPayloadThatIsNoJson() {
        Map<String, Object> endless = new LinkedHashMap<>();
        endless.put("self", endless);

        assertThatExceptionOfType(PayloadCodecException.class)
                .isThrownBy(() -> codec.encode(endless))
                .withMessageStartingWith("payload of type java.util.LinkedHashMap cannot be written as JSON");
    }

    @Test
    void headersKeepOrderAndEmptyValues() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("z", "1");
        headers.put("a", "");

        assertThat(HeaderCodec.decode(HeaderCodec.encode(headers))).containsExactlyEntriesOf(headers);
        assertThat(HeaderCodec.encode(Map.of())).isEmpty();
        assertThat(HeaderCodec.decode(new byte[0])).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "[]", "17", "{\"a\":{}}", "null"})
    void headersThatAreNoObjectOfTextsAreRefusedOrShownAsNone(String json) {
        assertThatExceptionOfType(PayloadCodecException.class).isThrownBy(() -> HeaderCodec.decode(bytes(json)));
        assertThat(HeaderCodec.decodeLeniently(bytes(json))).isEmpty();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
