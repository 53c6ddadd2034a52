package io.oqronkit.pubsub.spring;

import java.util.Set;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What the endpoint shows. Whether it may change anything is Boot's {@code management.endpoint.pubsub.access}.
 *
 * @param showPayloads When to show the payloads and header values of dead letters.
 * @param roles Roles used to determine whether a user is authorized to be shown them. When empty, all authenticated users
 *     are authorized.
 */
@ConfigurationProperties(PubSubEndpointProperties.PREFIX)
record PubSubEndpointProperties(
        @DefaultValue("never") Show showPayloads,
        @DefaultValue Set<String> roles) {

    static final String PREFIX = "management.endpoint.pubsub";
}
