package dev.turnout.turn;

import java.util.Locale;

/** What became of an agent's question whether it may. Only the first of these lets it. */
public enum PermissionOutcome {
  ALLOWED,
  DENIED,
  /** Nobody answered in time, which is a no. */
  EXPIRED,
  /** The agent waits for no answer any more: its turn, its attempt or its wish is over. */
  WITHDRAWN;

  /** A name for the API and for what is stored; it never changes. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The outcome of this name. */
  public static PermissionOutcome ofCode(String code) {
    return valueOf(code.toUpperCase(Locale.ROOT));
  }
}
