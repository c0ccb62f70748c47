package dev.turnout.drill;

import dev.turnout.failure.FailureReason;
import dev.turnout.turn.AgentId;
import dev.turnout.turn.Candidate;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * A failure that was ordered: for some turns, or for some time, and never for longer than a day.
 *
 * @param madeBy the name of the API key that ordered it
 * @param endedAt when a person ended it, before its time
 * @param turnsLeft how many turns it may still begin to fail; empty where only time ends it
 * @param hits how many attempts it has failed
 */
public record FaultDrill(
    UUID id,
    Order order,
    String madeBy,
    Instant createdAt,
    Instant expiresAt,
    Optional<Instant> endedAt,
    OptionalInt turnsLeft,
    long hits) {

  /** Whether it still fails anything. */
  public enum State {
    ACTIVE,
    /** All its turns were failed. */
    USED_UP,
    EXPIRED,
    /** By a person. */
    ENDED;

    /** The stable snake_case name used in the API. */
    public String code() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Its state at this time. */
  public State state(Instant now) {
    if (endedAt.isPresent()) {
      return State.ENDED;
    }
    if (turnsLeft.isPresent() && turnsLeft.getAsInt() == 0) {
      return State.USED_UP;
    }
    return expiresAt.isAfter(now) ? State.ACTIVE : State.EXPIRED;
  }

  /** Whether it may concern this attempt; its sessions and its count are looked at when it does. */
  boolean concerns(Candidate candidate, AgentId agent, Instant now) {
    return endedAt.isEmpty()
        && expiresAt.isAfter(now)
        && order.backend().filter(backend -> !backend.equals(candidate.backend())).isEmpty()
        && (order.authProfile().isEmpty() || order.authProfile().equals(candidate.authProfile()))
        && (order.agents().isEmpty() || order.agents().contains(agent));
  }

  /** The reason with which attempts fail. */
  public FailureReason reason() {
    return order.reason();
  }
}
