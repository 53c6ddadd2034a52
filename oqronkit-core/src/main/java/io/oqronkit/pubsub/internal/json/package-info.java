/** Payloads and headers as JSON. The only package that knows Jackson. */
@NullMarked
package io.oqronkit.pubsub.internal.json;

import org.jspecify.annotations.NullMarked;
