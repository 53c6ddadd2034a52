/** The story of an order, told by seven consumer groups of three departments. */
@NullMarked
package io.oqronkit.samples.orders;

import org.jspecify.annotations.NullMarked;
