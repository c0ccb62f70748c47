/** The composition root: starts the database, wires the clock and the executors, ends in order. */
@NullMarked
package dev.turnout.boot;

import org.jspecify.annotations.NullMarked;
