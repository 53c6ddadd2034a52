package io.oqronkit.benchmarks;

import java.nio.charset.StandardCharsets;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/**
 * What is sent. As JSON it always has {@link #BYTES} bytes.
 *
 * @param number tells the events of a step apart, so that each one missing or handled twice is noticed
 */
record Event(String event, String orderId, double amount, String customer, int number, String note) {

    static final int BYTES = 206;

    /** So that every number has as many digits. */
    private static final int FIRST_NUMBER = 100_000_000;

    private static final String NOTE = "x".repeat(82);
    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final ObjectWriter WRITER = MAPPER.writerFor(Event.class);
    private static final ObjectReader READER = MAPPER.readerFor(Event.class);

    /** The event in this place of a step, from 0. */
    static Event at(int place) {
        return new Event(
                "order.created",
                "ord_" + (FIRST_NUMBER + place),
                1_000.25 + place % 9_000,
                "customer-" + (1_000 + place % 9_000),
                FIRST_NUMBER + place,
                NOTE);
    }

    int place() {
        return number - FIRST_NUMBER;
    }

    byte[] encode() {
        return WRITER.writeValueAsBytes(this);
    }

    static Event decode(byte[] json) {
        return READER.readValue(json);
    }

    String encodeAsText() {
        return new String(encode(), StandardCharsets.UTF_8);
    }

    static Event decode(String json) {
        return READER.readValue(json);
    }
}
