package io.oqronkit.pubsub.internal.json;

import io.oqronkit.pubsub.PayloadCodec;
import io.oqronkit.pubsub.PayloadCodecException;
import java.lang.reflect.Type;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Payloads as JSON, into the type the reader asks for; no class is ever named in the data. Safe for concurrent use. */
public final class JsonCodec implements PayloadCodec {

    private final JsonMapper mapper;

    public JsonCodec(JsonMapper mapper) {
        this.mapper = mapper;
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

    /** Without the source excerpt, which may hold personal data. */
    private static String summary(JacksonException e) {
        return e.getOriginalMessage();
    }
}
