/**
 * The settings that change while Turnout runs: a document in the database above files and
 * environment, in numbered revisions, applied by every replica to the turns that start from then
 * on.
 */
@NullMarked
package dev.turnout.runtimeconfig;

import org.jspecify.annotations.NullMarked;
