package io.oqronkit.pubsub.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.oqronkit.pubsub.PubSubException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** What a person reads who starts an application on a server that is too old, of which none is at hand to start. */
class OldServerTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Redis 6.2 or newer is needed, but the server is 6.0.16",
                "cannot connect to Redis: Unable to connect to localhost:6379: ERR unknown command `HELLO`, with args",
                "cannot connect to Redis: Unable to connect to localhost:6379: NOPROTO unsupported protocol version"
            })
    void isToldWhichOnesWillDo(String refusal) {
        String text = StartFailure.of(new ApplicationContextRunner().withBean("pubSub", Object.class, () -> {
            throw new PubSubException(refusal);
        }));

        assertThat(text).contains(refusal).contains("Use Redis 6.2 or newer, or Valkey.");
    }
}
