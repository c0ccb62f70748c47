/**
 * Living CLI processes: how they begin, serve turns, grow stale and end, and what belongs to whom
 * until then. Knows no dialect; who speaks one hands it over.
 */
@NullMarked
package dev.turnout.livesession;

import org.jspecify.annotations.NullMarked;
