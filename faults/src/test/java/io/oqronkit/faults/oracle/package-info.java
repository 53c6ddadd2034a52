/** Judges a run by what the processes wrote down and what is in Redis. */
package io.oqronkit.faults.oracle;
