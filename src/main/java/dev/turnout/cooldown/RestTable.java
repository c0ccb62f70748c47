package dev.turnout.cooldown;

import dev.turnout.failure.FailureReason;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What rests after a failure, and for how long, with what an operator changed of it. Immutable; a
 * turn takes that of its settings.
 *
 * @param scopes changes by scope
 * @param reasons changes by reason, which win over those of the reason's scope
 */
public record RestTable(Map<CooldownScope, Tuning> scopes, Map<FailureReason, Tuning> reasons) {
  /** As it ships. */
  public static final RestTable STANDARD = new RestTable(Map.of(), Map.of());

  /** Longest time in a table: what rests longer is better taken out of the chains. */
  public static final Duration LONGEST = Duration.ofDays(366);

  /**
   * What an operator changed; what is empty stays as it is.
   *
   * @param after how many failures in a row it takes
   * @param first the first rest; each further one is twice as long
   * @param longest the longest rest of the ladder
   * @param farthest how far off a time that the provider names is believed
   */
  public record Tuning(
      Optional<Integer> after,
      Optional<Duration> first,
      Optional<Duration> longest,
      Optional<Duration> farthest) {}

  public RestTable {
    scopes = Map.copyOf(scopes);
    reasons = Map.copyOf(reasons);
  }

  /** Whether this reason makes anything rest; no table changes that. */
  public static boolean rests(FailureReason reason) {
    return RestRule.of(reason).isPresent();
  }

  /**
   * What rests for this reason.
   *
   * @throws IllegalArgumentException when nothing does
   */
  public CooldownScope scope(FailureReason reason) {
    return RestRule.of(reason)
        .map(RestRule::scope)
        .orElseThrow(() -> new IllegalArgumentException(reason.code() + " makes nothing rest"));
  }

  /** Whether the first rest for this reason is no longer than its longest. */
  public boolean isLadder(FailureReason reason) {
    return rule(reason).filter(rule -> rule.first().compareTo(rule.longest()) > 0).isEmpty();
  }

  Optional<RestRule> rule(FailureReason reason) {
    return RestRule.of(reason)
        .map(rule -> tuned(rule, scopes.get(rule.scope())))
        .map(rule -> tuned(rule, reasons.get(reason)));
  }

  private static RestRule tuned(RestRule rule, @Nullable Tuning tuning) {
    return tuning == null
        ? rule
        : new RestRule(
            rule.scope(),
            tuning.after().orElse(rule.after()),
            tuning.first().orElse(rule.first()),
            tuning.longest().orElse(rule.longest()),
            tuning.farthest().orElse(rule.farthest()),
            rule.probed());
  }
}
