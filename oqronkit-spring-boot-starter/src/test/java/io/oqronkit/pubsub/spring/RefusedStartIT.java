package io.oqronkit.pubsub.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.protocol.CommandType;
import io.oqronkit.guide.GuideUsers;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import io.oqronkit.redis.embedded.junit.EmbeddedRedisExtension;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;

/** What a person reads on the console when an application cannot start. */
@ExtendWith({EmbeddedRedisExtension.class, OutputCaptureExtension.class})
class RefusedStartIT {

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}

    static final class Handler {
        @OqronSubscriber(topic = "orders", group = "billing")
        void on(String order) {}
    }

    @Test
    void namesABadProperty(EmbeddedRedis redis, CapturedOutput output) {
        assertRefused(app(redis), Application.class, "oqronkit.pubsub.topics.orders.partitions=0");

        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("'oqronkit.pubsub.topics.orders.partitions' has the value '0'")
                .contains("between 1 and 1024");
    }

    @Test
    void namesBothNumbersIfATopicIsStoredWithMorePartitions(EmbeddedRedis redis, CapturedOutput output) {
        start(app(redis), Handler.class, "oqronkit.pubsub.topics.orders.partitions=3")
                .run()
                .close();

        assertRefused(app(redis), Handler.class, "oqronkit.pubsub.topics.orders.partitions=2");

        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("'orders' exists in Redis with 3 partitions and cannot be opened with 2")
                .contains("oqronkit.pubsub.topics.<topic>.partitions");
    }

    @Test
    void saysThatATopicIsStoredInAnotherFormat(EmbeddedRedis redis, CapturedOutput output) {
        onServer(redis, commands -> commands.hset("oq:topics", "orders", "2:99"));

        assertRefused(app(redis), Handler.class);

        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("topic 'orders' is stored in Redis as '2:99' (partitions:format), and this version reads")
                .contains("Use the version of the library that stored it")
                .contains("'oqronkit.pubsub.key-prefix'");
    }

    @Test
    void namesBothModesIfAGroupIsUsedInAnother(EmbeddedRedis redis, CapturedOutput output) {
        String mode = "oqronkit.pubsub.topics.orders.groups.billing.mode=";
        try (var other = start(app(redis), Handler.class, mode + "exclusive").run()) {
            assertThat(other.isRunning()).isTrue();

            assertRefused(app(redis), Handler.class, mode + "key-ordered");
        }

        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("group 'billing' of topic 'orders' with mode key-ordered cannot be made")
                .contains("the group is used in mode exclusive by ")
                .contains("'oqronkit.pubsub.topics.<topic>.groups.<group>.mode'");
    }

    @Test
    void saysThatAnotherProgramHasItsKeys(EmbeddedRedis redis, CapturedOutput output) {
        onServer(redis, commands -> commands.set("oq:topics", "mine"));

        assertRefused(app(redis), Handler.class);

        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("topics are kept in 'oq:topics', which cannot be used: WRONGTYPE")
                .contains("set 'oqronkit.pubsub.key-prefix' to one that nobody else uses");
    }

    @Test
    void saysWhereRedisDoesNotAnswer(CapturedOutput output) throws IOException {
        int port = unusedPort();

        assertRefused(at(port), Application.class);

        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .containsPattern("cannot connect to Redis: Unable to connect to .*:" + port + ": Connection refused")
                .contains("'spring.data.redis.*'");
    }

    @Test
    void saysThatTheUserOrPasswordIsWrong(EmbeddedRedis redis, CapturedOutput output) {
        assertRefused(
                at(redis.port()),
                Application.class,
                "spring.data.redis.username=nobody",
                "spring.data.redis.password=not-to-be-shown");

        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("WRONGPASS")
                .contains("'spring.data.redis.username' and 'spring.data.redis.password'")
                .doesNotContain("not-to-be-shown");
    }

    @Test
    void saysThatAPasswordIsMissing(CapturedOutput output) {
        try (EmbeddedRedis locked = EmbeddedRedis.start()) {
            onServer(locked, commands -> commands.configSet("requirepass", "secret"));

            assertRefused(at(locked.port()), Application.class);
        }

        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("NOAUTH")
                .contains("'spring.data.redis.username' and 'spring.data.redis.password'");
    }

    @Test
    void namesWhatTheUserMayNotDo(EmbeddedRedis redis, CapturedOutput output) {
        String[] guest = {"spring.data.redis.username=guest", "spring.data.redis.password=guest"};
        for (AclSetuserArgs limited : List.of(
                AclSetuserArgs.Builder.keyPattern("other:*").allCommands(),
                AclSetuserArgs.Builder.keyPattern("*").allCommands().removeCommand(CommandType.INFO),
                AclSetuserArgs.Builder.keyPattern("*").allCommands().removeCommand(CommandType.XACK))) {
            onServer(
                    redis, commands -> commands.aclSetuser("guest", limited.on().addPassword("guest")));
            assertRefused(at(redis.port()), Handler.class, guest);
            onServer(redis, commands -> commands.aclDeluser("guest"));
        }

        assertThat(output.getOut().split("APPLICATION FAILED TO START", -1)).hasSize(4);
        assertThat(output)
                .contains("topics are kept in 'oq:topics', which cannot be used: NOPERM")
                .contains("INFO server failed: NOPERM")
                .contains("group 'billing' of topic 'orders' with mode competing cannot be made: NOPERM")
                .contains("Give the user in 'spring.data.redis.username' the command that is named, and all keys");
    }

    @Test
    void refusesAServerThatMayEvictTopics(CapturedOutput output) {
        try (EmbeddedRedis evicting = EmbeddedRedis.builder()
                .setting("maxmemory-policy", "allkeys-lru")
                .start()) {
            assertRefused(app(evicting), Application.class);
            assertThat(output)
                    .contains("APPLICATION FAILED TO START")
                    .contains("maxmemory-policy is allkeys-lru")
                    .contains("oqronkit.pubsub.allow-eviction=true");

            start(app(evicting), Application.class, "oqronkit.pubsub.allow-eviction=true")
                    .run()
                    .close();
        }
    }

    private static void onServer(EmbeddedRedis redis, Consumer<RedisCommands<String, String>> commands) {
        try (RedisClient client = RedisClient.create(redis.uri())) {
            commands.accept(client.connect().sync());
        }
    }

    private static void assertRefused(String redis, Class<?> source, String... properties) {
        assertThatThrownBy(() -> start(redis, source, properties).run()).isInstanceOf(Exception.class);
    }

    private static SpringApplicationBuilder start(String redis, Class<?> source, String... properties) {
        return new SpringApplicationBuilder(Application.class, source)
                .web(WebApplicationType.NONE)
                .properties(redis)
                .properties(properties);
    }

    /** As the user of the guide. */
    private static String app(EmbeddedRedis redis) {
        return "spring.data.redis.url=" + GuideUsers.app(redis);
    }

    private static String at(int port) {
        return "spring.data.redis.port=" + port;
    }

    private static int unusedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
