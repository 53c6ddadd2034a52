package io.oqronkit.pubsub.spring;

import java.security.Principal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.actuate.endpoint.SecurityContext;

/** One line for each change somebody makes through the endpoint, whether it succeeded or not. */
final class PubSubAudit {

    private static final Logger log = LoggerFactory.getLogger("io.oqronkit.pubsub.audit");

    void changed(SecurityContext who, String topic, String group, String what, Object outcome) {
        log.info("{} topic={} group={} by={}: {}", what, topic, group, name(who.getPrincipal()), outcome);
    }

    /** A name comes from outside: it must not be able to write lines of its own. */
    private static String name(@Nullable Principal principal) {
        return principal == null
                ? "anonymous"
                : String.valueOf(principal.getName()).replaceAll("\\p{Cntrl}", "?");
    }
}
