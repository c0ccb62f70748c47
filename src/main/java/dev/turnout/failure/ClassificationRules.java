package dev.turnout.failure;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Rules in their order: the first that holds decides. Immutable.
 *
 * @param rules no two with one id
 */
public record ClassificationRules(List<ClassificationRule> rules) {
  public ClassificationRules {
    rules = List.copyOf(rules);
    var ids = new HashSet<String>();
    for (var rule : rules) {
      if (!ids.add(rule.id())) {
        throw new IllegalArgumentException("two rules are called " + rule.id());
      }
    }
  }

  /** What ships with Turnout. */
  public static ClassificationRules builtIn() {
    return BuiltIn.RULES;
  }

  /** Read once, at first use; a mistake in the file fails every test and the start. */
  private static final class BuiltIn {
    private static final ClassificationRules RULES =
        new ClassificationRules(RuleFile.resource("failure-rules.txt"));
  }

  /**
   * These rules behind an operator's own. One of them that has the id of an override is left out,
   * so that an override can also take back what it replaces.
   */
  public ClassificationRules overriddenBy(List<ClassificationRule> overrides) {
    var replaced = overrides.stream().map(ClassificationRule::id).collect(Collectors.toSet());
    var all = new ArrayList<>(overrides);
    rules.stream().filter(rule -> !replaced.contains(rule.id())).forEach(all::add);
    return new ClassificationRules(all);
  }

  /** The first rule that holds. */
  public Optional<ClassificationRule> firstFor(SignalFacts facts) {
    for (var rule : rules) {
      if (rule.when().holds(facts)) {
        return Optional.of(rule);
      }
    }
    return Optional.empty();
  }

  /**
   * The ids of rules that can never decide, because an earlier one holds whenever they do. Says
   * nothing of rules that several earlier ones cover between them.
   */
  public List<String> unreachable() {
    var unreachable = new ArrayList<String>();
    for (int later = 1; later < rules.size(); later++) {
      var when = rules.get(later).when();
      if (rules.subList(0, later).stream().anyMatch(rule -> Implication.holds(when, rule.when()))) {
        unreachable.add(rules.get(later).id());
      }
    }
    return unreachable;
  }
}
