package dev.turnout.turn;

/** One earlier turn of a session, as a backend without memory needs it. */
public record Exchange(String input, String answer) {}
