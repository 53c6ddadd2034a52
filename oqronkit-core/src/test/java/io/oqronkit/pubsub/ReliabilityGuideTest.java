package io.oqronkit.pubsub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What {@code docs/guide/reliability.md}, {@code SECURITY.md} and the guarantees in {@code README.md} claim to be tested is. */
class ReliabilityGuideTest {

    private static final Path GUIDE = Path.of("../docs/guide/reliability.md");
    private static final Path README = Path.of("../README.md");
    private static final Path SECURITY = Path.of("../SECURITY.md");
    private static final List<Path> TESTS = List.of(
            Path.of("src/test/java"),
            Path.of("../faults/src/test/java"),
            Path.of("../oqronkit-spring-boot-starter/src/test/java"));
    private static final Pattern CLAIM = Pattern.compile("`(?:([A-Z]\\w+(?:IT|Test))\\.?)?([a-z]\\w{20,})?`");

    @Test
    void everyTestTheyNameIsThere() throws IOException {
        String tests = sources();

        List<String> missing = CLAIM.matcher(
                        Files.readString(GUIDE) + Files.readString(README) + Files.readString(SECURITY))
                .results()
                .filter(claim -> claim.group(1) != null || claim.group(2) != null)
                .filter(claim -> !isThere(tests, claim))
                .map(MatchResult::group)
                .toList();

        assertThat(missing).isEmpty();
    }

    @Test
    void everyHazardHasItsRow() throws IOException {
        List<Integer> rows = Pattern.compile("(?m)^\\| (\\d+) \\|")
                .matcher(Files.readString(GUIDE))
                .results()
                .map(row -> Integer.valueOf(row.group(1)))
                .sorted()
                .toList();

        assertThat(rows)
                .containsExactlyElementsOf(
                        Stream.iterate(1, n -> n + 1).limit(40).toList());
    }

    private static boolean isThere(String tests, MatchResult claim) {
        boolean type = claim.group(1) == null || tests.contains("class " + claim.group(1) + " ");
        boolean method = claim.group(2) == null || tests.contains("void " + claim.group(2) + "(");
        return type && method;
    }

    private static String sources() throws IOException {
        StringBuilder all = new StringBuilder();
        for (Path folder : TESTS) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file :
                        files.filter(f -> f.toString().endsWith(".java")).toList()) {
                    all.append(Files.readString(file));
                }
            }
        }
        return all.toString();
    }
}
