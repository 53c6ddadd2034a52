package io.oqronkit.pubsub.internal.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import io.oqronkit.guide.GuideUsers;
import io.oqronkit.redis.embedded.EmbeddedRedis;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Connections for tests of the steps; they are closed after the test. */
final class Connections implements AfterEachCallback {

    private final List<Runnable> closing = new ArrayList<>();

    /** As the library has them, of the user {@code app} of the guide. */
    RedisLinks links(EmbeddedRedis redis) {
        RedisLinks links = new RedisLinks(client(GuideUsers.app(redis)), event -> {});
        closing.add(0, links::close);
        return links;
    }

    /** Of the default user. */
    RedisCommands<String, String> raw(EmbeddedRedis redis) {
        return client(redis.uri()).connect().sync();
    }

    private RedisClient client(String uri) {
        RedisClient client = RedisClient.create(RedisURI.create(uri));
        closing.add(0, () -> client.shutdown(Duration.ZERO, Duration.ofSeconds(1)));
        return client;
    }

    @Override
    public void afterEach(ExtensionContext context) {
        closing.forEach(Runnable::run);
        closing.clear();
    }
}
