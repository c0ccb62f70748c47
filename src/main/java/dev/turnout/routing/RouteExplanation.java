package dev.turnout.routing;

import dev.turnout.failure.Failure;
import dev.turnout.turn.Attempt;
import dev.turnout.turn.Candidate;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * What would become of a turn that was routed at one moment, as long as every candidate that is
 * asked fails in a way that lets the next one have its turn.
 *
 * @param stops the candidates in the order in which it would come to them
 * @param afterOverflow the same after the first one that is asked finds it too large, where the
 *     agent has a chain for that; else empty
 * @param afterPolicy the same after the first one that is asked will not answer such a thing
 * @param end with what it would fail, where nobody would be asked at all
 */
public record RouteExplanation(
    Instant at,
    List<Stop> stops,
    List<Stop> afterOverflow,
    List<Stop> afterPolicy,
    Optional<End> end) {
  public RouteExplanation {
    stops = List.copyOf(stops);
    afterOverflow = List.copyOf(afterOverflow);
    afterPolicy = List.copyOf(afterPolicy);
  }

  /** What would be done about a candidate. */
  public enum Plan {
    ASK,
    /** Asked, unless another turn asks it first to find out whether its rest has helped. */
    PROBE,
    SKIP,
    /** Not asked: the operator has put its credential out of use. */
    BAR,
    /** The turn would have given up before. */
    NOT_REACHED;

    /** The stable snake_case name used in the API. */
    public String code() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * One candidate.
   *
   * @param runtime {@code cli} or {@code api}, where its backend is configured
   * @param rest the cooldown that it meets
   * @param lastResort whether it is asked in spite of its rest once nobody else is left
   */
  public record Stop(
      Candidate candidate,
      Optional<String> runtime,
      Plan plan,
      Optional<Rest> rest,
      boolean lastResort) {}

  /**
   * A cooldown.
   *
   * @param failure what it is owed to
   * @param until when it ends; past where one attempt is to find out whether it has helped
   */
  public record Rest(UUID cooldown, Failure failure, Optional<Instant> until) {}

  /**
   * How it ends when nobody is asked.
   *
   * @param failure what the turn fails with
   * @param attempts what would stand in the turn
   */
  public record End(Failure failure, List<Attempt> attempts) {
    public End {
      attempts = List.copyOf(attempts);
    }
  }
}
