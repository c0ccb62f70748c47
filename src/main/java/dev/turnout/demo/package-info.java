/**
 * The demo agent: a program of its own, run as a real subprocess so that a first turn needs no
 * account.
 */
@NullMarked
package dev.turnout.demo;

import org.jspecify.annotations.NullMarked;
