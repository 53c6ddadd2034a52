package io.oqronkit.pubsub.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.core.annotation.AliasFor;

/**
 * A JUnit test of an application with its messages: what {@link SpringBootTest} starts, a Redis of its own, and a
 * {@link PubSubProbe} to wait with. A {@code @SpringBootTest} on the same class wins with its attributes.
 *
 * <pre>{@code
 * @OqronTest
 * class BillingTest {
 *     @Test
 *     void bills(@Autowired Topic<OrderEvent> orders, PubSubProbe probe) {
 *         orders.publish(new OrderEvent("order.paid", "ord_1", 99.5));
 *         probe.awaits("order-events").group("billing").handled(1);
 *     }
 * }
 * }</pre>
 *
 * <p><b>Redis.</b> An embedded one on a free port, empty, one for each application context; whatever
 * {@code spring.data.redis.*} says. Test classes with the same configuration share both, as always with Spring. Connection
 * details of your own, such as those of a {@code @ServiceConnection} container, or a {@code RedisConnectionFactory} bean of
 * your own take its place.
 *
 * <p><b>Before each test</b> the probe forgets what it has seen, every topic that is open is purged, its dead letters
 * too, and groups that are paused go on. Only with a {@code RedisConnectionFactory} of your own, which may lead
 * anywhere, Redis is left as it is. Groups and offsets stay, and a group that a message has halted stays so. Tests of one
 * context must not run at the same time.
 *
 * <p>The probe is injected into fields and constructors as a bean, and into any parameter of test methods and constructors
 * of type {@code PubSubProbe}.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@SpringBootTest
@ImportAutoConfiguration(OqronTestAutoConfiguration.class)
@ExtendWith(OqronTestExtension.class)
public @interface OqronTest {

    /** As {@link SpringBootTest#properties()}: {@code key=value} pairs for the application. */
    @AliasFor(annotation = SpringBootTest.class)
    String[] properties() default {};

    /** As {@link SpringBootTest#classes()}: what to start; default the application found from the test's package upwards. */
    @AliasFor(annotation = SpringBootTest.class)
    Class<?>[] classes() default {};

    /** As {@link SpringBootTest#webEnvironment()}. */
    @AliasFor(annotation = SpringBootTest.class)
    WebEnvironment webEnvironment() default WebEnvironment.MOCK;
}
