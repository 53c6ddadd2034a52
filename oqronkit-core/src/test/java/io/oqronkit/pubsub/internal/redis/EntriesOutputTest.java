package io.oqronkit.pubsub.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.output.CommandOutput;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Feeds replies in the order in which Lettuce's state machine calls an output: containers by size, then leaves. */
class EntriesOutputTest {

    private static final String LOG = "oq:{t:0}:s";
    private static final String REDRIVEN = "oq:{t:0}:r:g";

    private final EntriesOutput output = new EntriesOutput(Bytes.of(REDRIVEN));

    @Test
    void readsTheArraysOfResp2() {
        output.multi(2);
        output.multi(2);
        text(LOG);
        output.multi(2);
        entry("5-1", "p", "one", "k", "", "h", "");
        entry("5-2", "p", "two", "k", "cust", "h", "{}");
        output.multi(2);
        text(REDRIVEN);
        output.multi(1);
        entry("9-0", "p", "three", "k", "", "h", "", "i", "3-7");

        assertThat(read()).containsExactly("5-1 = 5-1 one//", "5-2 = 5-2 two/cust/{}", "r9-0 = 3-7 three//");
    }

    @Test
    void readsTheMapsOfResp3() {
        output.multiMap(2);
        text(LOG);
        output.multi(1);
        entry("5-1", "p", "one", "k", "", "h", "");
        text(REDRIVEN);
        output.multi(2);
        entry("9-0", "p", "two", "k", "", "h", "", "i", "3-7");
        entry("9-1", "p", "three", "k", "", "h", "", "i", "3-8");

        assertThat(read()).containsExactly("5-1 = 5-1 one//", "r9-0 = 3-7 two//", "r9-1 = 3-8 three//");
    }

    @Test
    void readsNothingFromATimeout() {
        output.set((ByteBuffer) null);

        assertThat(read()).isEmpty();
    }

    @Test
    void goesOnBehindAStreamWithoutEntriesAndAnEntryWithoutABody() {
        output.multiMap(2);
        text(LOG);
        output.multi(0);
        text(REDRIVEN);
        output.multi(2);
        output.multi(2);
        text("9-0");
        output.multi(0);
        entry("9-1", "p", "one", "k", "", "h", "", "i", "3-8");

        assertThat(output.get()).hasSize(2);
        assertThat(output.get().get(1).id()).isEqualTo(new EntryId(3, 8));
    }

    @Test
    void keepsPayloadBytesAsTheyAre() {
        byte[] junk = {0, -1, 13, 10, 36};
        output.multiMap(1);
        text(LOG);
        output.multi(1);
        output.multi(2);
        text("5-1");
        output.multi(6);
        text("p");
        output.set(ByteBuffer.wrap(junk));
        text("k");
        text("");
        text("h");
        text("");

        assertThat(output.get())
                .singleElement()
                .extracting(StoredEntry::payload)
                .isEqualTo(junk);
    }

    private void entry(String id, String... fields) {
        output.multi(2);
        text(id);
        output.multi(fields.length);
        for (String field : fields) {
            text(field);
        }
    }

    private void text(String text) {
        ((CommandOutput<?, ?, ?>) output).set(ByteBuffer.wrap(Bytes.of(text)));
    }

    private List<String> read() {
        return output.get().stream()
                .map(e -> "%s = %s %s/%s/%s"
                        .formatted(
                                Bytes.text(e.ref()),
                                e.id(),
                                Bytes.text(e.payload()),
                                Bytes.text(e.key()),
                                Bytes.text(e.headers())))
                .toList();
    }
}
