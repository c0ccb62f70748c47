/** Ends waits that have lasted long enough. Knows nothing of what is waited for. */
@NullMarked
package dev.turnout.alarm;

import org.jspecify.annotations.NullMarked;
