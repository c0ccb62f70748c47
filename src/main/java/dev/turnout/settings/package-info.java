/**
 * What an operator decides: agents, backends, auth profiles, limits, as one immutable tree. A run
 * keeps the snapshot it started with.
 */
@NullMarked
package dev.turnout.settings;

import org.jspecify.annotations.NullMarked;
