package io.oqronkit.pubsub.internal.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.oqronkit.pubsub.internal.redis.PublishSteps.EncodedMessage;
import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouterTest {

    private static final EncodedMessage NO_KEY = message("", "");

    /** Fixed values: the rule is part of the wire format. CRC-32 of "123456789" is 0xCBF43926. */
    @ParameterizedTest
    @CsvSource({"123456789, 1000, 262", "123456789, 4, 2", "cust-7, 1, 0"})
    void choosesTheHashOfTheKeyModuloThePartitions(String key, int partitions, int expected) {
        assertThat(new Router().partition(keyed(key), partitions)).isEqualTo(expected);
    }

    @Test
    void givesOneKeyOnePartition() {
        Router router = new Router();

        assertThat(IntStream.range(0, 50).map(i -> router.partition(keyed("cust-7"), 7)))
                .containsOnly(new Router().partition(keyed("cust-7"), 7));
    }

    @Test
    void usesTheUtf8BytesOfAKey() {
        java.util.zip.CRC32 crc = new java.util.zip.CRC32();
        crc.update("Größe".getBytes(StandardCharsets.UTF_8));

        assertThat(new Router().partition(keyed("Größe"), 97)).isEqualTo((int) (crc.getValue() % 97));
    }

    @Test
    void goesRoundRobinWithoutAKey() {
        Router router = new Router();

        assertThat(IntStream.range(0, 7).map(i -> router.partition(NO_KEY, 3))).containsExactly(0, 1, 2, 0, 1, 2, 0);
    }

    @Test
    void spreadsKeysOverAllPartitions() {
        Router router = new Router();

        assertThat(IntStream.range(0, 1000)
                        .map(i -> router.partition(keyed("cust-" + i), 8))
                        .distinct()
                        .sorted())
                .containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
    }

    @Test
    void goesByTheIdempotencyKeyWhereThereIsNoKey() {
        Router router = new Router();

        assertThat(router.partition(message("", "123456789"), 1000)).isEqualTo(262);
        assertThat(router.partition(message("", "123456789"), 1000)).isEqualTo(262);
        assertThat(router.partition(message("cust-7", "123456789"), 1000))
                .isEqualTo(router.partition(keyed("cust-7"), 1000));
    }

    private static EncodedMessage keyed(String key) {
        return message(key, "");
    }

    private static EncodedMessage message(String key, String idempotencyKey) {
        return new EncodedMessage(new byte[0], bytes(key), new byte[0], bytes(idempotencyKey), new byte[0]);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
