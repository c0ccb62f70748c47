/**
 * What rests after a failure, how long, and who may try first when the rest is over. State in
 * Postgres, one truth for all replicas; never part of the configuration.
 */
@NullMarked
package dev.turnout.cooldown;

import org.jspecify.annotations.NullMarked;
