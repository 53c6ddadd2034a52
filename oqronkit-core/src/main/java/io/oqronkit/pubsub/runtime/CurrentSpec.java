package io.oqronkit.pubsub.runtime;

import io.oqronkit.pubsub.TopicSpec;

/** What a topic was last opened with in this process: its limits hold from then on. Safe for concurrent use. */
final class CurrentSpec {

    private volatile TopicSpec<?> spec;

    CurrentSpec(TopicSpec<?> spec) {
        this.spec = spec;
    }

    TopicSpec<?> get() {
        return spec;
    }

    void set(TopicSpec<?> spec) {
        this.spec = spec;
    }
}
