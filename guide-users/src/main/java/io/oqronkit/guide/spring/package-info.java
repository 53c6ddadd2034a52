/** The same users for the applications of tests. */
@NullMarked
package io.oqronkit.guide.spring;

import org.jspecify.annotations.NullMarked;
