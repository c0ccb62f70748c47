package dev.turnout.settings;

import dev.turnout.cooldown.CooldownScope;
import dev.turnout.cooldown.RestTable;
import dev.turnout.failure.ClassificationRules;
import dev.turnout.failure.FailureReason;
import dev.turnout.failure.RuleText;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads what failures mean, and what rests after them. */
final class FailureReader {
  private static final Map<String, FailureReason> REASONS =
      Arrays.stream(FailureReason.values())
          .filter(RestTable::rests)
          .collect(Collectors.toUnmodifiableMap(FailureReason::code, reason -> reason));

  private static final Map<String, CooldownScope> SCOPES =
      Arrays.stream(CooldownScope.values())
          .collect(Collectors.toUnmodifiableMap(CooldownScope::code, scope -> scope));

  private FailureReader() {}

  /** The shipped rules behind those of the operator; without them while any does not hold. */
  static ClassificationRules rules(TurnoutConfig.Classification written, Violations violations) {
    var texts =
        written.rules().stream()
            .map(rule -> new RuleText(rule.id(), rule.when(), rule.reason(), rule.why()))
            .toList();
    return switch (RuleText.parse(texts)) {
      case RuleText.Result.Rules(var rules) -> {
        for (var id : new ClassificationRules(rules).unreachable()) {
          int index = texts.stream().map(RuleText::id).toList().indexOf(id);
          violations.add(
              rule(index) + ".when",
              texts.get(index).when(),
              "a condition that no earlier rule of this list covers: this one can never decide");
        }
        yield ClassificationRules.builtIn().overriddenBy(rules);
      }
      case RuleText.Result.Flawed(var flaws) -> {
        for (var flaw : flaws) {
          var key = rule(flaw.index()) + (flaw.field().isEmpty() ? "" : "." + flaw.field());
          violations.say(key, flaw.why());
        }
        yield ClassificationRules.builtIn();
      }
    };
  }

  private static String rule(int index) {
    return "classification.rules[" + index + "]";
  }

  static RestTable rests(Map<String, TurnoutConfig.Rest> written, Violations violations) {
    var scopes = new EnumMap<CooldownScope, RestTable.Tuning>(CooldownScope.class);
    var reasons = new EnumMap<FailureReason, RestTable.Tuning>(FailureReason.class);
    written.forEach(
        (name, rest) -> {
          var key = "cooldown." + name;
          var tuning = tuning(key, rest, violations);
          if (SCOPES.containsKey(name)) {
            scopes.put(SCOPES.get(name), tuning);
          } else if (REASONS.containsKey(name)) {
            reasons.put(REASONS.get(name), tuning);
          } else {
            var names = Stream.concat(SCOPES.keySet().stream(), REASONS.keySet().stream());
            violations.add(
                key, name, "one of " + names.collect(Collectors.toCollection(TreeSet::new)));
          }
        });
    var table = new RestTable(scopes, reasons);
    written.keySet().forEach(name -> checkLadder(name, table, violations));
    return table;
  }

  private static RestTable.Tuning tuning(
      String key, TurnoutConfig.Rest rest, Violations violations) {
    rest.after().ifPresent(after -> violations.atLeast(key + ".after", after, 1));
    checkTime(key + ".first", rest.first(), violations);
    checkTime(key + ".longest", rest.longest(), violations);
    checkTime(key + ".farthest", rest.farthest(), violations);
    return new RestTable.Tuning(rest.after(), rest.first(), rest.longest(), rest.farthest());
  }

  private static void checkTime(String key, Optional<Duration> time, Violations violations) {
    time.ifPresent(
        given -> {
          violations.positive(key, given);
          if (given.compareTo(RestTable.LONGEST) > 0) {
            violations.add(
                key, given.toString(), "a time of " + RestTable.LONGEST.toDays() + " days at most");
          }
        });
  }

  /** A ladder that begins above its end would only ever rest for its end. */
  private static void checkLadder(String name, RestTable table, Violations violations) {
    var concerned =
        REASONS.containsKey(name)
            ? List.of(REASONS.get(name))
            : REASONS.values().stream()
                .filter(
                    reason -> SCOPES.containsKey(name) && table.scope(reason) == SCOPES.get(name))
                .toList();
    if (concerned.stream().anyMatch(reason -> !table.isLadder(reason))) {
      violations.say("cooldown." + name, "its first rest is longer than its longest");
    }
  }
}
