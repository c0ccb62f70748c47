/** Hears from other replicas that something in the database changed. */
@NullMarked
package dev.turnout.news;

import org.jspecify.annotations.NullMarked;
