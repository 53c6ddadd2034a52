/** One embedded Redis per JUnit test class, empty before each test. */
@NullMarked
package io.oqronkit.redis.embedded.junit;

import org.jspecify.annotations.NullMarked;
