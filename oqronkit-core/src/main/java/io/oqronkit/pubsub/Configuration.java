package io.oqronkit.pubsub;

/**
 * Where settings come from that code does not give: the application's configuration. Safe for concurrent use. Values
 * given in code win over these.
 */
public interface Configuration {

    /** How a topic is kept; the default for a name it does not know. */
    <T> TopicSpec<T> topic(String name, Class<T> type);

    /** What is configured for a group of a topic, defaults included. */
    GroupSettings group(String topic, String group);

    /** No configuration: defaults for every topic and group. */
    static Configuration none() {
        return new Configuration() {
            @Override
            public <T> TopicSpec<T> topic(String name, Class<T> type) {
                return TopicSpec.of(name, type);
            }

            @Override
            public GroupSettings group(String topic, String group) {
                return GroupSettings.none();
            }
        };
    }
}
