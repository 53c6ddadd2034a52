package io.oqronkit.pubsub;

import java.lang.reflect.Type;

/** Turns payloads into bytes and back. Implementations are safe for concurrent use and never load classes by name. */
public interface PayloadCodec {

    /** @throws PayloadCodecException if the payload cannot be encoded */
    byte[] encode(Object payload);

    /** @throws PayloadCodecException if the bytes are not a value of that type */
    Object decode(byte[] bytes, Type type);
}
