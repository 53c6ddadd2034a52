/** The Redis users of {@code docs/guide/security.md}, for tests. */
@NullMarked
package io.oqronkit.guide;

import org.jspecify.annotations.NullMarked;
