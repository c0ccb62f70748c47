package dev.turnout.turn;

/** The name of a configured backend. */
public record BackendId(String value) {
  @Override
  public String toString() {
    return value;
  }
}
