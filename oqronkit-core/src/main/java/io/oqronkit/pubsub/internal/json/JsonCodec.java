package io.oqronkit.pubsub.internal.json;

import io.oqronkit.pubsub.PayloadCodec;
import io.oqronkit.pubsub.PayloadCodecException;
import java.lang.reflect.Type;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.json.JsonMapper;

/**
 * Payloads as JSON, into the type the reader asks for. No class is ever named in the data: default typing, if the given
 * mapper has it, is off here. Safe for concurrent use.
 */
public final class JsonCodec implements PayloadCodec {

    private static final Pattern QUOTED =
            Pattern.compile("(from String|token|value|character) [\"'(].*", Pattern.DOTALL);

    private final JsonMapper mapper;

    public JsonCodec(JsonMapper mapper) {
        this.mapper = mapper.rebuild().deactivateDefaultTyping().build();
    }

    @Override
    public byte[] encode(Object payload) {
        try {
            return mapper.writeValueAsBytes(payload);
        } catch (JacksonException e) {
            throw new PayloadCodecException(
                    "payload of type " + payload.getClass().getName() + " cannot be written as JSON: " + summary(e), e);
        }
    }

    @Override
    public Object decode(byte[] bytes, Type type) {
        Object payload;
        try {
            payload = mapper.readValue(bytes, mapper.constructType(type));
        } catch (JacksonException e) {
            throw new PayloadCodecException(
                    "payload is not a JSON value of type " + type.getTypeName() + ": " + summary(e), e);
        }
        if (payload == null) {
            throw new PayloadCodecException("payload is JSON null instead of a " + type.getTypeName(), null);
        }
        return payload;
    }

    /** Without what is quoted from the payload, which may be personal data; the place is told instead. */
    private static String summary(JacksonException e) {
        String text = QUOTED.matcher(e.getOriginalMessage()).replaceFirst("$1");
        TokenStreamLocation place = e.getLocation();
        return place == null ? text : "%s (line %d, column %d)".formatted(text, place.getLineNr(), place.getColumnNr());
    }
}
