package dev.turnout.routing;

import dev.turnout.failure.Failure;
import dev.turnout.failure.FailureReason;
import dev.turnout.turn.Candidate;
import java.util.List;

/**
 * Decides who is asked next. A pure function of the chain and of what has been tried, so that the
 * whole behaviour is a table of cases. It always ends: each candidate is tried once, and started
 * afresh once at most.
 */
final class FallbackPolicy {
  FallbackDecision next(List<Candidate> chain, List<Tried> tried) {
    if (tried.isEmpty()) {
      return chain.isEmpty()
          ? new FallbackDecision.GiveUp(noCandidate())
          : new FallbackDecision.Try(chain.getFirst());
    }
    var last = tried.getLast();
    if (last.effects()) {
      // A second answer, or a second deed, is worse than a failure that says so.
      return new FallbackDecision.GiveUp(last.failure());
    }
    if (last.failure().reason() == FailureReason.SESSION_LOST && last.resumed()) {
      return new FallbackDecision.StartAfresh(last.candidate());
    }
    if (isFinal(last.failure())) {
      return new FallbackDecision.GiveUp(last.failure());
    }
    return chain.stream()
        .filter(candidate -> tried.stream().noneMatch(t -> t.candidate().equals(candidate)))
        .findFirst()
        .<FallbackDecision>map(FallbackDecision.Try::new)
        .orElseGet(() -> new FallbackDecision.GiveUp(last.failure()));
  }

  /** Whether nobody else is asked after this failure. */
  private static boolean isFinal(Failure failure) {
    return switch (failure.reason()) {
      // Fails closed: a configured backend that is not there is mended by a person. Going on to the
      // next would silently change the runtime, and with it who pays.
      case BACKEND_CONFIG_MISSING, SPAWN_FAILED -> true;
      // Another model, or another context window, may take what this one would not.
      case MODEL_NOT_FOUND, CONTEXT_OVERFLOW, REQUEST_TOO_LARGE -> false;
      case CONTENT_POLICY, REFUSAL -> false;
      case INVALID_REQUEST, CANCELLED, EXPIRED -> true;
      case AUTH_INVALID, AUTH_REVOKED, PERMISSION, BILLING, QUOTA_WINDOW, RATE_LIMIT -> false;
      case OVERLOADED, SERVER_ERROR, NETWORK, EMPTY_RESPONSE -> false;
      case TIMEOUT_CONNECT, TIMEOUT_FIRST_OUTPUT, TIMEOUT_IDLE, TIMEOUT_TOTAL -> false;
      case SESSION_LOST, PROTOCOL_ERROR, PROCESS_CRASHED, OUTPUT_LIMIT, LIVE_CAPACITY -> false;
      case NO_CANDIDATE, INTERRUPTED, INTERNAL -> true;
    };
  }

  private static Failure noCandidate() {
    return Failure.of(
        FailureReason.NO_CANDIDATE, "routing.empty_chain", "the agent has nobody to ask");
  }

  /**
   * One attempt as the policy sees it.
   *
   * @param effects whether the agent may have acted, or the caller have read something
   * @param resumed whether it went on with a conversation that the backend was to remember
   */
  record Tried(Candidate candidate, Failure failure, boolean effects, boolean resumed) {}
}
