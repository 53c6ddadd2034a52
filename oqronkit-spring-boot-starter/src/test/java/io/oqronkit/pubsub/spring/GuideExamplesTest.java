package io.oqronkit.pubsub.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each block of Java in these pages stands in {@link GuideExamples}, which is compiled; white space does not count. */
class GuideExamplesTest {

    private static final Path EXAMPLES = Path.of("src/test/java/io/oqronkit/pubsub/spring/GuideExamples.java");
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```java\\n(.*?)^```");

    @ParameterizedTest
    @ValueSource(strings = {"publishing", "retries", "replay", "migration"})
    void everyBlockOfAPageCompiles(String page) throws IOException {
        String examples = squeezed(Files.readString(EXAMPLES));

        List<String> blocks = BLOCK.matcher(Files.readString(Path.of("../docs/guide/" + page + ".md")))
                .results()
                .map(block -> block.group(1))
                .toList();

        assertThat(blocks).isNotEmpty().allSatisfy(block -> assertThat(examples).contains(squeezed(block)));
    }

    private static String squeezed(String text) {
        return text.replaceAll("\\s+", "");
    }
}
