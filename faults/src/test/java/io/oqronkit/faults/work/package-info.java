/** What the attacked processes do, and the ledgers in which they say what they did. */
package io.oqronkit.faults.work;
