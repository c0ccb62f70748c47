/** The append-only record of each turn, and its live stream. */
@NullMarked
package dev.turnout.events;

import org.jspecify.annotations.NullMarked;
