/** Accepts or refuses a turn, once. */
@NullMarked
package dev.turnout.intake;

import org.jspecify.annotations.NullMarked;
