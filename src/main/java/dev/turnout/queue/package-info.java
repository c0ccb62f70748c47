/**
 * The durable line in Postgres. Sessions are claimed, not turns; this room owns the turn and line
 * tables.
 */
@NullMarked
package dev.turnout.queue;

import org.jspecify.annotations.NullMarked;
