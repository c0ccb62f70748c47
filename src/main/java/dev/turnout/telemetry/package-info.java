/**
 * Counts what is tried and what becomes of it: metrics, and the health of accounts and backends.
 */
@NullMarked
package dev.turnout.telemetry;

import org.jspecify.annotations.NullMarked;
