package dev.turnout.drill;

import dev.turnout.failure.FailureReason;
import dev.turnout.turn.AgentId;
import dev.turnout.turn.AuthProfileId;
import dev.turnout.turn.BackendId;
import dev.turnout.turn.SessionKey;
import dev.turnout.turn.TenantId;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What is to fail, and for whom. A backend or an auth profile is named; where both are, attempts
 * fail that have both.
 *
 * @param tenant whose turns; everybody's when absent
 * @param sessions only turns of these; of all when empty
 * @param agents only turns of these; of all when empty
 * @param cooldowns whether these failures make anything rest, as real ones do
 * @param turns how many turns; as many as come when absent
 * @param lasts for how long, at most {@link #LONGEST}
 */
public record Order(
    Optional<BackendId> backend,
    Optional<AuthProfileId> authProfile,
    FailureReason reason,
    Optional<TenantId> tenant,
    Set<SessionKey> sessions,
    Set<AgentId> agents,
    boolean cooldowns,
    Optional<String> note,
    OptionalInt turns,
    Duration lasts) {
  /** Nobody remembers a drill on the next day. */
  public static final Duration LONGEST = Duration.ofHours(24);

  public Order {
    sessions = Set.copyOf(sessions);
    agents = Set.copyOf(agents);
  }

  /** Whether a backend can fail with this reason; the others are ends that we give to turns. */
  public static boolean canFailWith(FailureReason reason) {
    return switch (reason) {
      case AUTH_INVALID, AUTH_REVOKED, PERMISSION, BILLING, QUOTA_WINDOW, RATE_LIMIT -> true;
      case OVERLOADED, SERVER_ERROR, NETWORK, EMPTY_RESPONSE -> true;
      case TIMEOUT_CONNECT, TIMEOUT_FIRST_OUTPUT, TIMEOUT_IDLE, TIMEOUT_TOTAL -> true;
      case MODEL_NOT_FOUND, CONTEXT_OVERFLOW, REQUEST_TOO_LARGE, INVALID_REQUEST -> true;
      case CONTENT_POLICY, REFUSAL, SESSION_LOST, PROTOCOL_ERROR, SPAWN_FAILED -> true;
      case PROCESS_CRASHED, BACKEND_CONFIG_MISSING, OUTPUT_LIMIT, LIVE_CAPACITY -> true;
      case NO_CANDIDATE, CANCELLED, INTERRUPTED, EXPIRED, INTERNAL -> false;
    };
  }
}
