package dev.turnout.turn;

/** What a turn is answered with. */
public record Answer(String text, Usage usage) {}
