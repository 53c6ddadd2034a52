package io.oqronkit.pubsub.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.oqronkit.guide.GuideUsers;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import io.oqronkit.redis.embedded.junit.EmbeddedRedisExtension;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a user may not run is known without harm, and the guide's users may run what they need and nothing else. */
@ExtendWith(EmbeddedRedisExtension.class)
class PermissionsIT {

    /** Beside those in Lua programs. */
    private static final Set<String> SENT_DIRECTLY = Set.of(
            "CLIENT|ID",
            "CLIENT|UNBLOCK",
            "EVAL",
            "EVALSHA",
            "INFO",
            "PING",
            "WAIT",
            "XREAD",
            "XREADGROUP",
            "XREVRANGE");

    private static final byte[] NEAR = Bytes.of("oq:{orders:0}:s");

    private final Set<String> commands = inAllPrograms();
    private RedisClient client;
    private RedisLinks links;

    @AfterEach
    void close() {
        links.close();
        client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
    }

    static Stream<String> askedCommands() {
        return inAllPrograms().stream().filter(command -> !Permissions.NOT_ASKED.contains(command));
    }

    private static Set<String> inAllPrograms() {
        Set<String> all = new TreeSet<>();
        Arrays.stream(Script.values()).forEach(script -> all.addAll(script.commands()));
        return all;
    }

    @ParameterizedTest
    @MethodSource("askedCommands")
    void aCommandThatIsNotPermittedIsFound(String command, EmbeddedRedis redis) {
        open(redis.addUser("guest", "guest", "~oq:* +@all -" + command.toLowerCase(java.util.Locale.ROOT)));

        assertThat(Permissions.missing(links.control(), NEAR, commands).join()).containsExactly(command);
    }

    @Test
    void askingChangesNothing(EmbeddedRedis redis) {
        open(redis.addUser("guest", "guest", "~* +@all"));

        assertThat(Permissions.missing(links.control(), NEAR, commands).join()).isEmpty();
        assertThat(client.connect(RedisURI.create(redis.uri())).sync().dbsize()).isZero();
    }

    @Test
    void aKeyThatIsNotPermittedIsNoMissingCommand(EmbeddedRedis redis) {
        open(redis.addUser("guest", "guest", "~other:* +@all"));

        assertThat(Permissions.missing(links.control(), NEAR, commands).join()).isEmpty();
    }

    @Test
    void theUserOfTheGuideMayRunWhatTheLibraryRunsAndNothingElse(EmbeddedRedis redis) {
        open(GuideUsers.app(redis));
        Set<String> needed = new TreeSet<>(commands);
        needed.addAll(SENT_DIRECTLY);

        assertThat(grantedBy(GuideUsers.rules("app"))).containsExactlyElementsOf(needed);
        assertThat(Permissions.missing(links.control(), NEAR, commands).join()).isEmpty();
    }

    private static Set<String> grantedBy(String rules) {
        Set<String> granted = new TreeSet<>();
        for (String rule : rules.replace("'", "").split(" ")) {
            if (rule.startsWith("+")) {
                granted.add(rule.substring(1).toUpperCase(java.util.Locale.ROOT));
            }
        }
        return granted;
    }

    private void open(String uri) {
        client = RedisClient.create(uri);
        links = new RedisLinks(client, event -> {});
    }
}
