package io.oqronkit.pubsub.spring;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The page of all properties, made of the metadata that the compiler writes for editors. */
final class ConfigurationReference {

    private static final String METADATA = "META-INF/spring-configuration-metadata.json";
    private static final String OF_A_TOPIC =
            "META-INF/spring/configuration-metadata/io.oqronkit.pubsub.spring.PubSubProperties$TopicProperties.json";
    private static final Pattern DEFAULT = Pattern.compile("[;,] default (?:is )?([^;.]+)(?=[;.])");

    private static final String INTRODUCTION = """
            # Configuration

            Every property, as your editor shows it too. A duration is a number with `ms`, `s`, `m`, `h` or `d`; a default of `–` means
            not set. An unknown name, a value out of its bounds, and values that contradict each other stop the start with a
            message that names the key. What to touch first stands in the [README](../../README.md#knobs).

            This page is made from the metadata: change the Javadoc of the property, then run
            `mvn -pl oqronkit-spring-boot-starter -am test -Dtest=ConfigurationReferenceTest -Dsurefire.failIfNoSpecifiedTests=false -Dreference.write=true`.

            ## For the application
            Below `oqronkit.pubsub`:

            %s
            ## For a topic
            Below `oqronkit.pubsub.topics.<topic>`; a name with a dot or an underscore goes into brackets, in
            YAML `"[order.events]":`.

            %s
            ## For a group
            Below `oqronkit.pubsub.topics.<topic>.groups.<group>`, below `oqronkit.pubsub.topics.<topic>` for all groups of a topic (but
            `max-retries`, which is `dead-letter.max-retries` there), below `oqronkit.pubsub.defaults` for all. The nearest wins, each
            of the four `backoff` values by itself; the attributes of [`@OqronSubscriber`](consuming.md#attributes) stand between the
            group's own and the topic's. Plain Java has the same names, in camel case, as methods of `SubscriptionSpec`.

            %s
            ## Actuator
            See [Operations](operations.md).

            %s
            ## Embedded Redis
            With the dependency `oqronkit-embedded-redis`, below `oqronkit.embedded-redis`:

            %s""";

    /** @param defaultValue empty if it is not set by default */
    record Property(String name, String type, String defaultValue, String description) {}

    private final List<Property> topic;
    private final List<Property> all;

    private ConfigurationReference(List<Property> all, List<Property> topic) {
        this.all = all;
        this.topic = topic;
    }

    static ConfigurationReference read() throws IOException {
        ClassLoader loader = ConfigurationReference.class.getClassLoader();
        List<Property> all = new ArrayList<>();
        for (URL url : Collections.list(loader.getResources(METADATA))) {
            all.addAll(properties(url));
        }
        return new ConfigurationReference(all, properties(loader.getResource(OF_A_TOPIC)));
    }

    private static List<Property> properties(URL metadata) throws IOException {
        try (InputStream in = metadata.openStream()) {
            return JsonMapper.shared()
                    .readTree(in)
                    .path("properties")
                    .valueStream()
                    .map(ConfigurationReference::property)
                    .filter(property -> !property.type().startsWith("Map"))
                    .toList();
        }
    }

    private static Property property(JsonNode node) {
        String description = node.path("description").asString("");
        Matcher told = DEFAULT.matcher(description);
        String value = node.path("defaultValue")
                .asString(told.find() ? told.group(1) : "")
                .replace("read_only", "read-only"); // Boot writes its own enum as it stands in Java
        return new Property(
                node.path("name").asString(), type(node.path("type").asString()), value, told.replaceAll(""));
    }

    /** {@code java.util.List<java.lang.String>} is {@code List<String>}; an enum is what may be written. */
    private static String type(String name) {
        try {
            Class<?> type = Class.forName(name);
            if (type.isEnum()) {
                return RelaxedNames.all(type);
            }
        } catch (ClassNotFoundException generic) {
            return name.replaceAll("(\\w+[.$])+", "");
        }
        return name.replaceAll("(\\w+[.$])+", "");
    }

    List<Property> application() {
        return below("oqronkit.pubsub.", name -> !name.startsWith("defaults."));
    }

    List<Property> ofGroup() {
        return below("oqronkit.pubsub.defaults.", name -> true);
    }

    /** What a topic has and a group has not. */
    List<Property> ofTopic() {
        Set<String> shared = names(ofGroup());
        return topic.stream()
                .filter(property -> !shared.contains(property.name()))
                .toList();
    }

    List<Property> actuator() {
        return all.stream()
                .filter(property -> property.name().matches("management\\.(endpoint|health)\\.pubsub\\..*"))
                .toList();
    }

    List<Property> embeddedRedis() {
        return below("oqronkit.embedded-redis.", name -> true);
    }

    /** Names a topic may hold for all its groups. */
    Set<String> namesOfTopic() {
        return names(topic);
    }

    static Set<String> names(List<Property> properties) {
        return properties.stream().map(Property::name).collect(Collectors.toCollection(TreeSet::new));
    }

    private List<Property> below(String prefix, Predicate<String> chosen) {
        return all.stream()
                .filter(property -> property.name().startsWith(prefix))
                .map(p ->
                        new Property(p.name().substring(prefix.length()), p.type(), p.defaultValue(), p.description()))
                .filter(property -> chosen.test(property.name()))
                .toList();
    }

    String page() {
        return INTRODUCTION.formatted(
                table(application()), table(ofTopic()), table(ofGroup()), table(actuator()), table(embeddedRedis()));
    }

    private static String table(List<Property> properties) {
        return properties.stream()
                .map(p -> "| `%s` | %s | %s | %s |\n"
                        .formatted(p.name(), cell(p.type()), cell(shown(p)), cell(p.description())))
                .collect(Collectors.joining("", "| Property | Type | Default | What |\n|---|---|---|---|\n", ""));
    }

    private static String shown(Property property) {
        return property.defaultValue().isEmpty() ? "–" : property.defaultValue();
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace("<", "&lt;");
    }
}
