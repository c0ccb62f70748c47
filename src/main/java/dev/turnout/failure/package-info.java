/**
 * What can go wrong, and what it means: facts from adapters become reasons, and reasons are all
 * that later code reads.
 */
@NullMarked
package dev.turnout.failure;

import org.jspecify.annotations.NullMarked;
