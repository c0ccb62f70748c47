package dev.turnout.queue;

import dev.turnout.turn.AgentId;
import dev.turnout.turn.BusyMode;
import dev.turnout.turn.LaneId;
import dev.turnout.turn.Recovery;
import dev.turnout.turn.RouteChoice;
import dev.turnout.turn.SessionId;
import dev.turnout.turn.TenantId;
import dev.turnout.turn.TurnId;
import java.time.Instant;
import java.util.Optional;

/**
 * A turn that asks to be let into its session's line. Already checked: nothing in it can make a
 * batch fail that other turns are part of.
 *
 * @param priority -100 to 100, higher is sooner; sessions overtake each other, turns of one session
 *     never do
 * @param metadata a JSON object, kept for the caller
 * @param notBefore the turn takes its place in the line only then
 * @param expiresAt the turn ends as expired when it has not started by then
 * @param cap most turns that may wait in the session, for this admission
 */
public record NewTurn(
    TurnId id,
    SessionId session,
    AgentId agent,
    RouteChoice choice,
    LaneId lane,
    int priority,
    Recovery recovery,
    BusyMode mode,
    String input,
    String metadata,
    Optional<Instant> notBefore,
    Optional<Instant> expiresAt,
    int cap,
    Optional<IdempotencyKey> idempotency) {

  /**
   * What makes a repeated request the same request.
   *
   * @param fingerprint of everything that the caller sent; another one under the same key is an
   *     error of the caller
   */
  public record IdempotencyKey(TenantId tenant, String key, String fingerprint) {}

  /** The cap that makes the mode true: {@code reject} finds room only in an empty line. */
  int effectiveCap() {
    return switch (mode) {
      case FOLLOWUP, STEER -> cap;
      // The running turn counts until it has ended, and what waits is dropped first.
      case INTERRUPT -> Math.max(cap, 2);
      case REJECT -> 1;
    };
  }
}
