package dev.turnout.decision;

import dev.turnout.failure.ClassChange;
import dev.turnout.failure.ClassificationRules;
import dev.turnout.failure.FailureReason;
import dev.turnout.turn.TurnId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * What other rules would have taken past failures for.
 *
 * @param examined how many failures were looked at
 * @param changed how many of them would be something else
 * @param complete whether that were all since the time that was asked for
 * @param oldest when the oldest of them came; empty when there was none
 * @param shifts by what they were and what they would be, the most frequent first
 */
public record RuleTrial(
    int examined, int changed, boolean complete, Optional<Instant> oldest, List<Shift> shifts) {
  /** Most failures that one trial looks at. */
  public static final int MOST = 10_000;

  /** Examples of one shift. */
  private static final int EXAMPLES = 5;

  /** How many are in memory at once: each may hold some kilobytes of text. */
  private static final int PAGE = 500;

  public RuleTrial {
    shifts = List.copyOf(shifts);
  }

  /** Failures of one reason that would be of another one. */
  public record Shift(FailureReason from, FailureReason to, int count, List<Example> examples) {
    public Shift {
      examples = List.copyOf(examples);
    }
  }

  /** One of them; the decision says all that is known of it. */
  public record Example(UUID decision, TurnId turn, Instant at, String oldRule, String newRule) {}

  /**
   * Tries rules on the newest recorded failures. Changes nothing.
   *
   * @param rules all of them, not the changed ones alone
   * @param since not on older ones
   * @param limit on how many, 1 to {@link #MOST}
   */
  public static RuleTrial run(
      DecisionLog log, ClassificationRules rules, Instant since, int limit) {
    var tally = new Tally();
    Optional<UUID> before = Optional.empty();
    while (tally.examined < limit) {
      int wanted = Math.min(PAGE, limit - tally.examined);
      var page = log.recorded(since, before, wanted);
      tally.add(page, rules);
      if (page.size() < wanted) {
        return tally.result(true);
      }
      before = Optional.of(page.getLast().id());
    }
    return tally.result(log.recorded(since, before, 1).isEmpty());
  }

  private record Pair(FailureReason from, FailureReason to) {}

  /** Counts, page by page. */
  private static final class Tally {
    private int examined;
    private Optional<Instant> oldest = Optional.empty();
    private final Map<Pair, List<Example>> examples = new LinkedHashMap<>();
    private final Map<Pair, Integer> counts = new LinkedHashMap<>();

    void add(List<DecisionLog.Recorded> page, ClassificationRules rules) {
      var byId = new HashMap<String, DecisionLog.Recorded>();
      page.forEach(recorded -> byId.put(recorded.failure().id(), recorded));
      var failures = page.stream().map(DecisionLog.Recorded::failure).toList();
      for (var change : ClassChange.dryRun(failures, rules)) {
        var was = byId.get(change.recorded().id());
        if (was != null) {
          count(change, was);
        }
      }
      examined += page.size();
      if (!page.isEmpty()) {
        oldest = Optional.of(page.getLast().at());
      }
    }

    private void count(ClassChange change, DecisionLog.Recorded was) {
      var pair = new Pair(change.recorded().reason(), change.reason());
      counts.merge(pair, 1, Integer::sum);
      var some = examples.computeIfAbsent(pair, _ -> new ArrayList<>());
      if (some.size() < EXAMPLES) {
        some.add(
            new Example(was.id(), was.turn(), was.at(), change.recorded().rule(), change.rule()));
      }
    }

    RuleTrial result(boolean complete) {
      var shifts =
          counts.entrySet().stream()
              .sorted(Map.Entry.<Pair, Integer>comparingByValue().reversed())
              .map(
                  entry ->
                      new Shift(
                          entry.getKey().from(),
                          entry.getKey().to(),
                          entry.getValue(),
                          examples.getOrDefault(entry.getKey(), List.of())))
              .toList();
      int changed = counts.values().stream().mapToInt(Integer::intValue).sum();
      return new RuleTrial(examined, changed, complete, oldest, shifts);
    }
  }
}
