package dev.turnout.turn;

/** The name of a configured agent: a chain of candidates and the way to speak to them. */
public record AgentId(String value) {
  @Override
  public String toString() {
    return value;
  }
}
