/** The nouns of a turn's life. Imports the JDK and {@code failure} only; read this room first. */
@NullMarked
package dev.turnout.turn;

import org.jspecify.annotations.NullMarked;
