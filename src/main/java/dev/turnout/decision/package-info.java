/**
 * What was decided on the way of a turn, kept for the people who ask why: which candidates were
 * asked, skipped or tried again, and the facts of each failure, on which other rules can be tried.
 */
@NullMarked
package dev.turnout.decision;

import org.jspecify.annotations.NullMarked;
