/** The embedded Redis as the connection details of a Spring Boot application that configured none. */
@NullMarked
package io.oqronkit.redis.embedded.spring;

import org.jspecify.annotations.NullMarked;
