package io.oqronkit.pubsub.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisBusyException;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisException;
import io.oqronkit.pubsub.internal.redis.RedisFailure.Kind;
import java.io.IOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts as servers from 6.2 to 8 and Lettuce 7.7 really say them (R#35). */
class RedisFailureTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "NOT_EXECUTED | OOM command not allowed when used memory > 'maxmemory'.",
                "NOT_EXECUTED | ERR Error running script (call to f_1b9a): @user_script:12: @user_script: 12: -OOM command not allowed when used memory > 'maxmemory'.",
                "NOT_EXECUTED | OOM allow-oom flag is not set on the script, can not run it when used memory > 'maxmemory'",
                "NOT_EXECUTED | NOREPLICAS Not enough good replicas to write.",
                "NOT_EXECUTED | READONLY You can't write against a read only replica.",
                "NOT_EXECUTED | ERR Error running script (call to f_1b9a): @user_script:12: @user_script: 12: -READONLY You can't write against a read only replica.",
                "NOT_EXECUTED | TRYAGAIN Multiple keys request during rehashing of slot",
                "NOT_EXECUTED | CLUSTERDOWN The cluster is down",
                "NOT_EXECUTED | MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
                "NOT_EXECUTED | LOADING Redis is loading the dataset in memory",
                "NOT_EXECUTED | BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.",
                "NOT_EXECUTED | NOSCRIPT No matching script. Please use EVAL.",
                "NOT_EXECUTED | MOVED 3999 127.0.0.1:6381",
                "NO_GROUP     | NOGROUP No such key 'oq:{t:0}:s' or consumer group 'g' in XREADGROUP with GROUP option",
                "NO_GROUP     | ERR Error running script (call to f_1b9a): @user_script:31: @user_script: 31: -NOGROUP No such key 'oq:{t:0}:s' or consumer group 'g'",
                "NO_GROUP     | UNBLOCKED the stream key no longer exists",
                "REFUSED      | WRONGTYPE Operation against a key holding the wrong kind of value",
                "REFUSED      | NOPERM this user has no permissions to run the 'xadd' command",
                "REFUSED      | ERR unknown command 'XADD'",
                "FULL         | OQRON full: topic 'orders' has no room for 1 more in partition 0, whose share of retention.cap is 250 messages",
                "REFUSED      | OQRON batch was overtaken by a later one"
            })
    void sortsWhatTheServerSays(Kind kind, String text) {
        assertThat(RedisFailure.of(new RedisCommandExecutionException(text)).kind())
                .isEqualTo(kind);
    }

    /** Redis 7 says it everywhere, 6.2 and Valkey not in scripts. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "NOPERM this user has no permissions to run the 'xadd' command or its subcommand",
                "@user_script: 45: The user executing the script can't run this command or subcommand",
                "@user_script: 45: The user executing the script can't access at least one of the keys mentioned",
                "NOPERM ACL failure in script: User app has no permissions to run the 'xadd' command",
                "ERR ACL failure in script: No permissions to access a key"
            })
    void aMissingPermissionIsKnownAndHasTheWordInIt(String text) {
        RedisFailure failure = RedisFailure.of(new RedisCommandExecutionException(text));

        assertThat(failure.isNotPermitted()).isTrue();
        assertThat(failure.kind()).isEqualTo(Kind.REFUSED);
        assertThat(failure).hasMessageContaining("NOPERM ").hasMessageEndingWith(text);
    }

    @Test
    void anAnswerThatDidNotComeLeavesTheOutcomeOpen() {
        assertThat(kind(new RedisCommandTimeoutException("Command timed out after 2 second(s)")))
                .isEqualTo(Kind.UNKNOWN);
        assertThat(kind(new RedisException("Connection closed"))).isEqualTo(Kind.UNKNOWN);
        assertThat(kind(new RedisException(new IOException("Connection reset by peer"))))
                .isEqualTo(Kind.UNKNOWN);
        assertThat(kind(new CancellationException())).isEqualTo(Kind.UNKNOWN);
        assertThat(kind(RedisFailure.timedOut("2000 ms"))).isEqualTo(Kind.UNKNOWN);
    }

    @Test
    void aCommandThatNeverLeftWasNotExecuted() {
        assertThat(kind(RedisFailure.notConnected(null))).isEqualTo(Kind.NOT_EXECUTED);
        assertThat(kind(new RedisException("Currently not connected. Commands are rejected.")))
                .isEqualTo(Kind.NOT_EXECUTED);
        assertThat(kind(new RedisException("Cannot determine a partition for slot 3999.")))
                .isEqualTo(Kind.NOT_EXECUTED);
        assertThat(
                        kind(
                                new RedisException(
                                        "Connection to 127.0.0.1:6381 not allowed. This connection point is not known in the cluster view.")))
                .isEqualTo(Kind.NOT_EXECUTED);
        assertThat(kind(new RedisBusyException("BUSY Redis is busy running a script.")))
                .isEqualTo(Kind.NOT_EXECUTED);
    }

    @Test
    void aMovingSlotAndAConnectionBeingMadeAreSoonOver() {
        assertThat(Stream.of(
                        "TRYAGAIN Multiple keys request during rehashing of slot",
                        "ERR Error running script (call to f_1b9a): @user_script:12: -TRYAGAIN Multiple keys request",
                        "ASK 3999 127.0.0.1:6381",
                        "MOVED 3999 127.0.0.1:6381",
                        "Currently not connected. Commands are rejected."))
                .allMatch(text -> RedisFailure.of(new RedisException(text)).isSoonOver());
        assertThat(RedisFailure.of(new RedisException("CLUSTERDOWN The cluster is down"))
                        .isSoonOver())
                .isFalse();
        assertThat(RedisFailure.notConnected(null).isSoonOver()).isFalse();
    }

    @Test
    void namesTheNodeOfAClusterAndKeepsItsKind() {
        RedisFailure failure = RedisFailure.timedOut("2000 ms").at("127.0.0.1:6381");

        assertThat(failure).hasMessage("127.0.0.1:6381: no answer from Redis within 2000 ms");
        assertThat(failure.kind()).isEqualTo(Kind.UNKNOWN);
    }

    @Test
    void looksThroughTheWrappersOfFutures() {
        RedisFailure failure = RedisFailure.timedOut("2000 ms");
        Throwable oom = new RedisCommandExecutionException("OOM command not allowed");

        assertThat(RedisFailure.of(new CompletionException(new ExecutionException(failure))))
                .isSameAs(failure);
        assertThat(RedisFailure.of(new CompletionException(oom)))
                .hasCause(oom)
                .hasMessage("OOM command not allowed")
                .extracting(RedisFailure::kind)
                .isEqualTo(Kind.NOT_EXECUTED);
    }

    private static Kind kind(Throwable error) {
        return RedisFailure.of(error).kind();
    }
}
