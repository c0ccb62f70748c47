/** Answers a turn with a model API. */
@NullMarked
package dev.turnout.backend.api;

import org.jspecify.annotations.NullMarked;
