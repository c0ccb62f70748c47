/**
 * Starts, feeds, watches and ends an OS process and everything it forks. Knows nothing of turns.
 */
@NullMarked
package dev.turnout.process;

import org.jspecify.annotations.NullMarked;
