package io.oqronkit.redis.embedded.junit;

import io.oqronkit.redis.embedded.EmbeddedRedis;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Runs one {@link EmbeddedRedis} for each test class, its nested classes included, and empties it before each test.
 * A test may kill or pause the server: it is running again when the next test begins.
 *
 * <p>Either as {@code @ExtendWith(EmbeddedRedisExtension.class)}, with parameters of type {@code EmbeddedRedis}, or with
 * settings, as a static field:
 *
 * <pre>{@code
 * @RegisterExtension
 * static final EmbeddedRedisExtension extension =
 *         EmbeddedRedisExtension.with(redis -> redis.setting("appendfsync", "always"));
 * }</pre>
 *
 * <p>Test methods that run at the same time in one class would empty the server under each other. A field that several
 * classes inherit serves them one after the other only.
 */
public final class EmbeddedRedisExtension implements BeforeAllCallback, BeforeEachCallback, ParameterResolver {

    private static final Namespace NAMESPACE = Namespace.create(EmbeddedRedisExtension.class);

    private final UnaryOperator<EmbeddedRedis.Builder> settings;
    private volatile @Nullable EmbeddedRedis current;

    /** A server with all defaults. */
    public EmbeddedRedisExtension() {
        this(UnaryOperator.identity());
    }

    private EmbeddedRedisExtension(UnaryOperator<EmbeddedRedis.Builder> settings) {
        this.settings = settings;
    }

    /** A server with settings of its own. */
    public static EmbeddedRedisExtension with(UnaryOperator<EmbeddedRedis.Builder> settings) {
        return new EmbeddedRedisExtension(settings);
    }

    /**
     * The server of the test class that runs now.
     *
     * @throws IllegalStateException before the first class began
     */
    public EmbeddedRedis redis() {
        EmbeddedRedis redis = current;
        if (redis == null) {
            throw new IllegalStateException("No test class runs; register the extension in a static field");
        }
        return redis;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        serverFor(context);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        EmbeddedRedis redis = serverFor(context);
        if (redis.isRunning()) {
            redis.resume();
        } else {
            redis.restart();
        }
        redis.flushAll();
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == EmbeddedRedis.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return serverFor(context);
    }

    /** Kept in the store of the outermost class that asks first, which closes it when that class ends. */
    private EmbeddedRedis serverFor(ExtensionContext context) {
        EmbeddedRedis redis = context.getStore(NAMESPACE)
                .computeIfAbsent(
                        EmbeddedRedis.class,
                        key -> settings.apply(EmbeddedRedis.builder()).start(),
                        EmbeddedRedis.class);
        current = redis;
        return redis;
    }
}
