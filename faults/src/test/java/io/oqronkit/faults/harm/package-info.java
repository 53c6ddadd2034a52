/** The faults: each class does one kind of harm, and {@link io.oqronkit.faults.harm.HarmLog} notes when. */
package io.oqronkit.faults.harm;
