package dev.turnout.routing;

import dev.turnout.failure.FailureReason;
import dev.turnout.settings.AgentSettings;
import dev.turnout.settings.ChainLink;
import dev.turnout.turn.Candidate;
import dev.turnout.turn.RouteChoice;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Who may answer one turn.
 *
 * @param general in the order of preference
 * @param contextOverflow who comes next, in place of the rest, after something was too large
 * @param contentPolicy the same after something was not to be answered
 * @param lastResort those that are asked in spite of a rest when nobody else is left
 */
record Chains(
    List<Candidate> general,
    List<Candidate> contextOverflow,
    List<Candidate> contentPolicy,
    Set<Candidate> lastResort) {
  Chains {
    general = List.copyOf(general);
    contextOverflow = List.copyOf(contextOverflow);
    contentPolicy = List.copyOf(contentPolicy);
    lastResort = Set.copyOf(lastResort);
  }

  /** In which order the credentials of a link are asked. */
  interface ProfileOrder {
    List<Candidate> of(ChainLink link);
  }

  /** What the caller chose is strict: no other chain takes its place. */
  static Chains of(AgentSettings agent, RouteChoice choice, ProfileOrder order) {
    var fallback = agent.fallback();
    var links = agent.linksFor(choice);
    var overflow = choice.isStrict() ? List.<ChainLink>of() : fallback.contextOverflow();
    var policy = choice.isStrict() ? List.<ChainLink>of() : fallback.contentPolicy();
    var lastResort = new HashSet<Candidate>();
    return new Chains(
        candidates(links, order, lastResort),
        candidates(overflow, order, lastResort),
        candidates(policy, order, lastResort),
        lastResort);
  }

  private static List<Candidate> candidates(
      List<ChainLink> links, ProfileOrder order, Set<Candidate> lastResort) {
    var candidates = new ArrayList<Candidate>();
    for (var link : links) {
      var these = order.of(link);
      candidates.addAll(these);
      if (link.lastResort()) {
        lastResort.addAll(these);
      }
    }
    return candidates;
  }

  /**
   * Those that come next after failures with these reasons: the newest that has a chain decides.
   */
  List<Candidate> after(List<FailureReason> reasons) {
    for (var reason : reasons.reversed()) {
      var own = own(reason);
      if (!own.isEmpty()) {
        return own;
      }
    }
    return general;
  }

  /** The chain of this kind of failure; empty where the general one goes on. */
  List<Candidate> own(FailureReason reason) {
    return switch (reason) {
      case CONTEXT_OVERFLOW, REQUEST_TOO_LARGE -> contextOverflow;
      case CONTENT_POLICY, REFUSAL -> contentPolicy;
      case AUTH_INVALID, AUTH_REVOKED, PERMISSION, BILLING, QUOTA_WINDOW, RATE_LIMIT -> List.of();
      case OVERLOADED, SERVER_ERROR, NETWORK, MODEL_NOT_FOUND, INVALID_REQUEST -> List.of();
      case TIMEOUT_CONNECT, TIMEOUT_FIRST_OUTPUT, TIMEOUT_IDLE, TIMEOUT_TOTAL -> List.of();
      case EMPTY_RESPONSE, SESSION_LOST, PROTOCOL_ERROR, SPAWN_FAILED -> List.of();
      case PROCESS_CRASHED, BACKEND_CONFIG_MISSING, OUTPUT_LIMIT, LIVE_CAPACITY -> List.of();
      case NO_CANDIDATE, CANCELLED, INTERRUPTED, EXPIRED, INTERNAL -> List.of();
    };
  }
}
