package io.oqronkit.pubsub.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RefArgsTest {

    private static final byte[] NONE = new byte[0];

    @Test
    void writesWhatIsAddedAndThenTheRefs() {
        RefArgs args = new RefArgs(List.of(entry(1732620000000L, 0, null), entry(3, 1234567, Bytes.of("r9-10"))));
        args.add("orders");

        assertThat(args.count()).isEqualTo(3);
        assertThat(written(args))
                .isEqualTo("$6\r\norders\r\n$15\r\n1732620000000-0\r\n$5\r\nr9-10\r\n")
                .isEqualTo(written(args)); // as when it is sent again
    }

    /** Both halves of an id may be as large as 2^64 - 1 where somebody else has written to the stream. */
    @Test
    void namesEveryIdAsRedisDoes() {
        for (String id : List.of(
                "0-1",
                "9-10",
                "99-100",
                "9223372036854775807-9223372036854775808",
                "18446744073709551615-10000000000000000000")) {
            EntryId read = EntryId.parse(Bytes.of(id));
            StoredEntry entry = entry(read.ms(), read.offset(), null);

            assertThat(written(new RefArgs(List.of(entry)))).isEqualTo("$" + id.length() + "\r\n" + id + "\r\n");
            assertThat(entry.ref()).asString(StandardCharsets.US_ASCII).isEqualTo(id);
        }
        String longest = "18446744073709551615-18446744073709551615";
        assertThat(written(new RefArgs(List.of(entry(0, 0, StoredEntry.redrivenRef(Bytes.of(longest)))))))
                .isEqualTo("$42\r\nr" + longest + "\r\n");
    }

    private static StoredEntry entry(long ms, long offset, byte @Nullable [] redrivenAs) {
        return new StoredEntry(ms, offset, NONE, NONE, NONE, 1, redrivenAs);
    }

    private static String written(RefArgs args) {
        ByteBuf buffer = Unpooled.buffer();
        args.encode(buffer);
        return buffer.toString(StandardCharsets.US_ASCII);
    }
}
