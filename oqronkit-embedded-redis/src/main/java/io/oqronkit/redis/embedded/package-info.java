/** A real Redis server as a child process, for first runs and tests: found, started, and never left behind. */
@NullMarked
package io.oqronkit.redis.embedded;

import org.jspecify.annotations.NullMarked;
