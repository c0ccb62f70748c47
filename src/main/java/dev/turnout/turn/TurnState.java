package dev.turnout.turn;

import java.util.Locale;

/**
 * Where a turn stands.
 *
 * <pre>
 *   queued ──► running ──► succeeded | failed | cancelled | expired
 *     │ ▲         │
 *     │ └─────────┘  given back: drained, or its replica died before any effect was seen
 *     └──► cancelled | expired | dropped | merged
 * </pre>
 */
public enum TurnState {
  QUEUED,
  RUNNING,
  SUCCEEDED,
  FAILED,
  CANCELLED,
  EXPIRED,
  /** Superseded while it waited: an {@code interrupt} turn came after it. */
  DROPPED,
  /** Collected into another turn, which carries the answer. */
  MERGED;

  public boolean isTerminal() {
    return switch (this) {
      case QUEUED, RUNNING -> false;
      case SUCCEEDED, FAILED, CANCELLED, EXPIRED, DROPPED, MERGED -> true;
    };
  }

  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }
}
