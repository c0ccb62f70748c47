package dev.turnout.intake;

import dev.turnout.turn.AgentId;
import dev.turnout.turn.BusyMode;
import dev.turnout.turn.LaneId;
import dev.turnout.turn.Recovery;
import dev.turnout.turn.RouteChoice;
import dev.turnout.turn.SessionKey;
import dev.turnout.turn.TenantId;
import java.time.Instant;
import java.util.Optional;

/**
 * A turn as a caller asks for it.
 *
 * @param agent the session's own agent, or the default one, when absent
 * @param mode as the settings of its agent say when absent
 * @param lane {@code user} when absent
 * @param priority -100 to 100
 * @param metadata a JSON object
 * @param idempotency when the caller named a key
 */
public record Submission(
    TenantId tenant,
    SessionKey session,
    String input,
    Optional<AgentId> agent,
    Optional<BusyMode> mode,
    Optional<LaneId> lane,
    int priority,
    Recovery recovery,
    RouteChoice choice,
    Optional<Instant> notBefore,
    Optional<Instant> expiresAt,
    String metadata,
    Optional<Idempotency> idempotency) {

  /**
   * The caller's promise that the same key is the same request.
   *
   * @param fingerprint a digest of the method, the path and the body
   */
  public record Idempotency(String key, String fingerprint) {}
}
