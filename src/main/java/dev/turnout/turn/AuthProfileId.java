package dev.turnout.turn;

/** The name of a configured credential. */
public record AuthProfileId(String value) {
  @Override
  public String toString() {
    return value;
  }
}
