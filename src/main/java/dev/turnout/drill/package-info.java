/** Failures that an operator orders, so that everybody can see what comes of them. */
@NullMarked
package dev.turnout.drill;

import org.jspecify.annotations.NullMarked;
