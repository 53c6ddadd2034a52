/** The story of an order, told by four consumer groups. */
@NullMarked
package io.oqronkit.samples.orders;

import org.jspecify.annotations.NullMarked;
