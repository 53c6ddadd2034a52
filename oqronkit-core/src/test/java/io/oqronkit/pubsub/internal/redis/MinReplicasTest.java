package io.oqronkit.pubsub.internal.redis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What INFO replication of Redis 6.2 tells. */
class MinReplicasTest {

    @ParameterizedTest
    @CsvSource({
        "'role:master\r\nconnected_slaves:2\r\nslave0:ip=127.0.0.1,state=online\r\nmaster_failover_state:no-failover', true",
        "'role:master\r\nconnected_slaves:2\r\nmin_slaves_good_slaves:2\r\nslave0:ip=127.0.0.1,state=online', false",
        "'role:master\r\nconnected_slaves:2\r\nmin_slaves_good_slaves:0\r\nslave0:ip=127.0.0.1,state=online', false",
        "'role:master\r\nconnected_slaves:0\r\nmaster_failover_state:no-failover', false",
        "'role:slave\r\nmaster_host:127.0.0.1\r\nconnected_slaves:0', false",
    })
    void isUnsetWhereThereAreReplicasAndNobodyCountsGoodOnes(String info, boolean unset) {
        assertThat(MinReplicas.isUnset(info)).isEqualTo(unset);
    }
}
