/** Chooses a candidate, tries it, falls back or gives up. The only room that calls a backend. */
@NullMarked
package dev.turnout.routing;

import org.jspecify.annotations.NullMarked;
