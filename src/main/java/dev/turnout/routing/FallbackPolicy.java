package dev.turnout.routing;

import dev.turnout.cooldown.Standing;
import dev.turnout.failure.Failure;
import dev.turnout.failure.FailureReason;
import dev.turnout.routing.Situation.Step;
import dev.turnout.turn.Candidate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Decides who is asked next. A pure function of the chain, of what became of it so far and of what
 * rests, so that the whole behaviour is a table of cases. It always ends: each candidate has one
 * turn of being asked or skipped, may be asked once more after a pause and once more in a new
 * conversation, and once as a last resort. Nothing is carried over to the next turn, which begins
 * with the first entry of the chain again.
 */
final class FallbackPolicy {
  /** The pause before a retry that the provider named no time for; up to twice that by jitter. */
  private static final Duration PAUSE = Duration.ofMillis(500);

  FallbackDecision next(Situation now) {
    var tried = tried(now.steps());
    if (tried.isEmpty()) {
      return nextOfChain(now, tried);
    }
    var last = tried.getLast();
    if (last.traces().compareTo(now.voidable()) > 0) {
      // A second answer, or a second deed, is worse than a failure that says so, unless the
      // operator finds otherwise.
      return new FallbackDecision.GiveUp(last.failure());
    }
    boolean justTried = now.steps().getLast().equals(last);
    if (justTried && last.failure().reason() == FailureReason.SESSION_LOST && last.resumed()) {
      return new FallbackDecision.StartAfresh(last.candidate());
    }
    if (isFinal(last.failure()) || tried.size() >= now.limits().maxAttempts()) {
      return new FallbackDecision.GiveUp(last.failure());
    }
    return (justTried ? retry(now, last) : Optional.<FallbackDecision>empty())
        .orElseGet(() -> nextOfChain(now, tried));
  }

  private static List<Step.Tried> tried(List<Step> steps) {
    return steps.stream()
        .flatMap(step -> step instanceof Step.Tried asked ? Stream.of(asked) : Stream.empty())
        .toList();
  }

  /** Once more after a short pause, where that is likely to help and the candidate may be asked. */
  private static Optional<FallbackDecision> retry(Situation now, Step.Tried last) {
    var failure = last.failure();
    long times =
        tried(now.steps()).stream().filter(t -> t.candidate().equals(last.candidate())).count();
    if (times > 1 || !passesSoon(failure)) {
      return Optional.empty();
    }
    var pause = PAUSE.plusMillis((long) (PAUSE.toMillis() * now.jitter()));
    var wait =
        failure
            .retryAt()
            .map(at -> Duration.between(now.now(), at))
            .filter(named -> named.compareTo(pause) > 0)
            .orElse(pause);
    boolean affordable = now.waited().plus(wait).compareTo(now.limits().retryBudget()) <= 0;
    var standing = now.standings().of(last.candidate(), now.now().plus(wait));
    return affordable && standing instanceof Standing.Free
        ? Optional.of(new FallbackDecision.RetrySame(last.candidate(), wait, last.resumed()))
        : Optional.empty();
  }

  private static boolean passesSoon(Failure failure) {
    return switch (failure.reason()) {
      case OVERLOADED, SERVER_ERROR, NETWORK, TIMEOUT_CONNECT -> true;
      // Without a time the limit is as full in half a second.
      case RATE_LIMIT -> failure.retryAt().isPresent();
      case QUOTA_WINDOW, BILLING, AUTH_INVALID, AUTH_REVOKED, PERMISSION, MODEL_NOT_FOUND -> false;
      case TIMEOUT_FIRST_OUTPUT, TIMEOUT_IDLE, TIMEOUT_TOTAL, EMPTY_RESPONSE -> false;
      case CONTEXT_OVERFLOW, REQUEST_TOO_LARGE, INVALID_REQUEST, CONTENT_POLICY, REFUSAL -> false;
      case SESSION_LOST, PROTOCOL_ERROR, SPAWN_FAILED, PROCESS_CRASHED -> false;
      case BACKEND_CONFIG_MISSING, OUTPUT_LIMIT, LIVE_CAPACITY -> false;
      case NO_CANDIDATE, CANCELLED, INTERRUPTED, EXPIRED, INTERNAL -> false;
    };
  }

  private static FallbackDecision nextOfChain(Situation now, List<Step.Tried> tried) {
    var chain = now.chains().after(tried.stream().map(t -> t.failure().reason()).toList());
    // Once for all: a long chain in an outage would else cost its square.
    var seen = now.steps().stream().map(Step::candidate).collect(Collectors.toSet());
    for (var candidate : chain) {
      if (seen.contains(candidate)) {
        continue;
      }
      var barred = now.standings().barred(candidate);
      if (barred.isPresent()) {
        return new FallbackDecision.Bar(candidate, barred.get());
      }
      return switch (now.standings().of(candidate, now.now())) {
        case Standing.Free() -> new FallbackDecision.Try(candidate);
        case Standing.ToProbe toProbe -> new FallbackDecision.Probe(candidate, toProbe);
        case Standing.Resting resting -> new FallbackDecision.Skip(candidate, resting);
      };
    }
    return chain.stream()
        .filter(now.chains().lastResort()::contains)
        .filter(candidate -> wasOnlySkipped(now.steps(), candidate))
        .findFirst()
        .<FallbackDecision>map(FallbackDecision.Try::new)
        .orElseGet(() -> new FallbackDecision.GiveUp(exhausted(now.steps(), tried)));
  }

  /** Neither asked nor barred: what rests may be asked as a last resort, once. */
  private static boolean wasOnlySkipped(List<Step> steps, Candidate candidate) {
    return steps.stream()
        .filter(step -> step.candidate().equals(candidate))
        .allMatch(step -> step instanceof Step.Skipped);
  }

  /** What the turn fails with: the last thing that happened, or why nothing did. */
  private static Failure exhausted(List<Step> steps, List<Step.Tried> tried) {
    if (steps.isEmpty()) {
      return Failure.of(
          FailureReason.NO_CANDIDATE, "routing.empty_chain", "the agent has nobody to ask");
    }
    var failure = tried.isEmpty() ? whyNobody(steps) : tried.getLast().failure();
    // Sending it again makes sense as soon as anybody of the chain can be asked.
    Optional<Instant> soonest =
        steps.stream().flatMap(step -> step.failure().retryAt().stream()).min(Instant::compareTo);
    return new Failure(
        failure.reason(),
        failure.rule(),
        failure.summary(),
        soonest,
        failure.matchedField(),
        failure.excerpt());
  }

  /** A credential that somebody disabled is no news to tell, as long as there are others. */
  private static Failure whyNobody(List<Step> steps) {
    return steps.stream()
        .filter(step -> !(step instanceof Step.Barred))
        .findFirst()
        .orElse(steps.getFirst())
        .failure();
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
}
