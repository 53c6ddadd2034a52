package io.oqronkit.pubsub.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules of the house for the Lua programs (style.md rule 6). */
class ScriptTest {

    private static final int MOST_LINES = 60;
    private static final Set<String> WITHOUT_KEY = Set.of("TIME");
    private static final Set<String> WITH_SUBCOMMAND = Set.of("XGROUP", "XINFO");
    private static final Pattern CALL = Pattern.compile("redis\\.p?call\\(");
    private static final Pattern DECLARED = Pattern.compile("KEYS\\[\\w+(?: \\+ \\d)?]");
    private static final Pattern FROM_KEYS = Pattern.compile("local ([\\w, ]+?) = ((?:KEYS\\[\\w+](?:, )?)+)");
    private static final Pattern LOCATED = Pattern.compile("local (\\w+), \\w+ = locate\\(");
    private static final Pattern FUNCTION = Pattern.compile("local function (\\w+)\\(([\\w, ]+)\\)");

    static Stream<Script> scripts() {
        return Stream.of(Script.values());
    }

    static Stream<String> files() throws IOException, URISyntaxException {
        Path folder = Path.of(Script.class.getResource("scripts").toURI());
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList().stream();
        }
    }

    @Test
    void everyFileIsAProgramOrAPieceOfOne() throws Exception {
        List<String> programs = scripts().map(script -> fileOf(script)).toList();

        assertThat(files().filter(file -> !file.startsWith("lib-"))).containsExactlyInAnyOrderElementsOf(programs);
        assertThat(files().filter(file -> file.startsWith("lib-")))
                .allSatisfy(piece -> assertThat(programs.stream().map(ScriptTest::text))
                        .anyMatch(program -> program.contains("-- include " + piece.replace(".lua", "") + "\n")));
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void aProgramBeginsWithWhatItDoesItsKeysArgumentsAndResult(Script script) {
        List<String> header = text(fileOf(script))
                .lines()
                .takeWhile(line -> line.startsWith("-- "))
                .toList();

        assertThat(header.get(0)).matches("-- [A-Z].{20,}");
        assertThat(header).anyMatch(line -> line.startsWith("-- KEYS: "));
        assertThat(header).anyMatch(line -> line.startsWith("-- ARGV: "));
        assertThat(header).anyMatch(line -> line.startsWith("-- Result: "));
    }

    /** Lines that do something: the header, comments and blank lines are not counted, nor what is included. */
    @ParameterizedTest
    @MethodSource("files")
    void aProgramIsSmall(String file) {
        assertThat(text(file)
                        .lines()
                        .filter(line -> !line.isBlank() && !line.stripLeading().startsWith("--")))
                .hasSizeLessThanOrEqualTo(MOST_LINES);
    }

    /** R#34: an undeclared key is accepted silently as long as its slot happens to be on the same node. */
    @ParameterizedTest
    @MethodSource("scripts")
    void everyKeyIsDeclared(Script script) {
        String program = assembled(script);
        Set<String> keys = namesOfKeys(program);

        List<String> undeclared = keyArguments(program).stream()
                .filter(key -> !DECLARED.matcher(key).matches() && !keys.contains(key))
                .toList();

        assertThat(undeclared).isEmpty();
    }

    @Test
    void theCheckOfKeysFindsUndeclaredOnes() {
        assertThat(keyArguments("redis.call('HSET', 'oq:x', 1)\nredis.pcall('XINFO', 'STREAM', 'a' .. ARGV[1])"))
                .containsExactly("'oq:x'", "'a' .. ARGV[1]");
        assertThat(keyArguments("redis.call('DEL', KEYS[1], 'oq:x')")).containsExactly("KEYS[1]", "'oq:x'");
        assertThat(namesOfKeys("local function f(a, key) end f(1, KEYS[1]) f(2, 'oq:' .. ARGV[1])"))
                .isEmpty();
        assertThat(namesOfKeys("local function f(a, key) end f(1, KEYS[1]) f(g(2, 3), key)"))
                .containsExactly("key");
    }

    /** Locals that can only hold declared keys: taken from KEYS, or parameters that are only ever given such. */
    private static Set<String> namesOfKeys(String program) {
        Set<String> names = new HashSet<>();
        FROM_KEYS
                .matcher(program)
                .results()
                .forEach(m -> names.addAll(List.of(m.group(1).split(", "))));
        LOCATED.matcher(program).results().forEach(m -> names.add(m.group(1)));
        Set<String> parameters = new HashSet<>();
        FUNCTION.matcher(program).results().forEach(m -> parameters.addAll(parametersOf(m)));
        Set<String> foreign;
        do {
            foreign = new HashSet<>();
            for (MatchResult function : FUNCTION.matcher(program).results().toList()) {
                foreign.addAll(givenSomethingElse(program, function, names, parameters));
            }
        } while (parameters.removeAll(foreign));
        names.addAll(parameters);
        return names;
    }

    private static Set<String> givenSomethingElse(
            String program, MatchResult function, Set<String> names, Set<String> parameters) {
        Set<String> found = new HashSet<>();
        Matcher call =
                Pattern.compile("(?<!function )\\b" + function.group(1) + "\\(").matcher(program);
        while (call.find()) {
            List<String> arguments = arguments(program, call.end());
            for (int i = 0; i < parametersOf(function).size(); i++) {
                String argument = i < arguments.size() ? arguments.get(i) : "nil";
                if (!DECLARED.matcher(argument).matches()
                        && !names.contains(argument)
                        && !parameters.contains(argument)) {
                    found.add(parametersOf(function).get(i));
                }
            }
        }
        return found;
    }

    private static List<String> parametersOf(MatchResult function) {
        return List.of(function.group(2).split(", "));
    }

    /** The arguments of a call, from behind its opening parenthesis. */
    private static List<String> arguments(String program, int from) {
        List<String> found = new ArrayList<>();
        int depth = 0;
        int start = from;
        boolean quoted = false;
        for (int i = from; depth >= 0; i++) {
            char c = program.charAt(i);
            quoted ^= c == '\'';
            if (quoted) {
                continue;
            }
            if (c == '(' || c == '{' || c == '[') {
                depth++;
            } else if (c == ')' || c == '}' || c == ']') {
                depth--;
            }
            if (depth < 0 || (depth == 0 && c == ',')) {
                found.add(program.substring(start, i).strip());
                start = i + 1;
            }
        }
        return found;
    }

    private static List<String> keyArguments(String program) {
        List<String> keys = new ArrayList<>();
        Matcher call = CALL.matcher(program);
        while (call.find()) {
            List<String> arguments = arguments(program, call.end());
            String command = arguments.get(0).replace("'", "");
            int streams = arguments.indexOf("'STREAMS'");
            if (streams > 0) { // half of what follows are keys, the other half ids
                keys.addAll(arguments.subList(streams + 1, streams + 1 + (arguments.size() - streams) / 2));
            } else if (command.equals("DEL")) {
                keys.addAll(arguments.subList(1, arguments.size()));
            } else if (!WITHOUT_KEY.contains(command)) {
                keys.add(arguments.get(WITH_SUBCOMMAND.contains(command) ? 2 : 1));
            }
        }
        return keys;
    }

    private static String assembled(Script script) {
        StringBuilder program = new StringBuilder();
        text(fileOf(script)).lines().forEach(line -> program.append(
                        line.startsWith("-- include ") ? text(line.substring(11) + ".lua") : line)
                .append('\n'));
        return program.toString();
    }

    private static String fileOf(Script script) {
        return script.name().toLowerCase(java.util.Locale.ROOT) + ".lua";
    }

    private static String text(String file) {
        try (var in = Script.class.getResourceAsStream("scripts/" + file)) {
            return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
