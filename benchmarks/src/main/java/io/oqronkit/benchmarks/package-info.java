/**
 * Measures the library beside what one could use instead, in one run against one Redis. {@link
 * io.oqronkit.benchmarks.Benchmark} is the command, {@code Plan} says what runs, a {@code Contender} is who runs it.
 */
@NullMarked
package io.oqronkit.benchmarks;

import org.jspecify.annotations.NullMarked;
