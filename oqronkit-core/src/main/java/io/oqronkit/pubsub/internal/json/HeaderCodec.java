package io.oqronkit.pubsub.internal.json;

import io.oqronkit.pubsub.PayloadCodecException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.json.JsonMapper;

/** Headers as one JSON object of texts, which a person can read in Redis; nothing at all where there are none. */
public final class HeaderCodec {

    private static final byte[] NONE = new byte[0];
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final JavaType TEXTS =
            MAPPER.getTypeFactory().constructMapType(LinkedHashMap.class, String.class, String.class);

    private HeaderCodec() {}

    public static byte[] encode(Map<String, String> headers) {
        return headers.isEmpty() ? NONE : MAPPER.writeValueAsBytes(headers);
    }

    /** @throws PayloadCodecException if the bytes are not a JSON object of texts */
    public static Map<String, String> decode(byte[] bytes) {
        if (bytes.length == 0) {
            return Map.of();
        }
        try {
            Map<String, String> headers = MAPPER.readValue(bytes, TEXTS);
            if (headers == null) {
                throw new PayloadCodecException("headers are JSON null instead of an object of texts", null);
            }
            return Collections.unmodifiableMap(headers);
        } catch (JacksonException e) {
            throw new PayloadCodecException("headers are not a JSON object of texts: " + e.getOriginalMessage(), e);
        }
    }

    /** For showing a message that may be broken: no headers rather than an error. */
    public static Map<String, String> decodeLeniently(byte[] bytes) {
        try {
            return decode(bytes);
        } catch (PayloadCodecException broken) {
            return Map.of();
        }
    }
}
