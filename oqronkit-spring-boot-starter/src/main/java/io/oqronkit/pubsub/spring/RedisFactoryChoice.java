package io.oqronkit.pubsub.spring;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * Which of the application's Redis is ours: the one a property names, else the one that is marked, else the only or
 * primary one.
 *
 * @param all by name
 * @param marked with {@link OqronRedis}
 */
record RedisFactoryChoice(
        Map<String, RedisConnectionFactory> all,
        List<RedisConnectionFactory> marked,
        ObjectProvider<RedisConnectionFactory> usual) {

    private static final String KEY = PubSubProperties.PREFIX + ".connection-factory";

    /** @throws StartRefusedException naming those that are there */
    LettuceConnectionFactory choose(@Nullable String name) {
        RedisConnectionFactory chosen = name == null ? unnamed() : all.get(name);
        if (chosen instanceof LettuceConnectionFactory lettuce) {
            return lettuce;
        }
        if (name == null) {
            throw PubSubRedisClient.refused("there is " + candidates());
        }
        throw StartRefusedException.property(
                KEY, name, "it must name a LettuceConnectionFactory, and there is " + candidates());
    }

    private @Nullable RedisConnectionFactory unnamed() {
        if (marked.size() > 1) {
            throw new StartRefusedException(
                    "@OqronRedis marks %d of these: %s.".formatted(marked.size(), candidates()),
                    "Mark one, or set '%s' to a name.".formatted(KEY),
                    null);
        }
        return marked.isEmpty() ? usual.getIfUnique() : marked.get(0);
    }

    /** {@code cache (LettuceConnectionFactory), messaging (JedisConnectionFactory)}. */
    private String candidates() {
        return all.isEmpty()
                ? "none"
                : new TreeMap<>(all)
                        .entrySet().stream()
                                .map(factory -> "%s (%s)"
                                        .formatted(
                                                factory.getKey(),
                                                factory.getValue().getClass().getSimpleName()))
                                .collect(Collectors.joining(", "));
    }
}
