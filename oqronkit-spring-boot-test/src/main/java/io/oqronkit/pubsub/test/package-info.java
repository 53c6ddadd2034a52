/** For tests of applications: a Redis of their own, and a probe that waits for what happens to messages. */
@NullMarked
package io.oqronkit.pubsub.test;

import org.jspecify.annotations.NullMarked;
