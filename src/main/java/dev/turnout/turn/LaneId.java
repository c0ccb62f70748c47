package dev.turnout.turn;

/** A class of work with a width of its own: {@code user}, {@code helper}, {@code schedule} … */
public record LaneId(String value) {
  @Override
  public String toString() {
    return value;
  }
}
