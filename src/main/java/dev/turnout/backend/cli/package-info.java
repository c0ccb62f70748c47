/** Answers a turn with a CLI process that lives for one attempt. */
@NullMarked
package dev.turnout.backend.cli;

import org.jspecify.annotations.NullMarked;
