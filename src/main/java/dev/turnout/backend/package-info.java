/** The port that every backend fulfils, and the registry that finds one by its id. */
@NullMarked
package dev.turnout.backend;

import org.jspecify.annotations.NullMarked;
