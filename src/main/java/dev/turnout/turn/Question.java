package dev.turnout.turn;

import java.time.Duration;
import java.util.Optional;

/**
 * An agent's question whether it may use a tool.
 *
 * @param id by which the answer names it; nobody else's question has it
 * @param kind what sort of tool it is, where the agent says
 * @param description what it wants to do; short, and without credentials
 * @param patience how long to wait for the answer
 */
public record Question(
    String id, String tool, Optional<String> kind, String description, Duration patience) {}
