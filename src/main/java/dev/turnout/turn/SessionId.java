package dev.turnout.turn;

/** The internal number of a session; callers know it by its {@link SessionKey}. */
public record SessionId(long value) implements Comparable<SessionId> {
  @Override
  public int compareTo(SessionId other) {
    return Long.compare(value, other.value);
  }
}
