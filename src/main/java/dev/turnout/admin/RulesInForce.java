package dev.turnout.admin;

import dev.turnout.failure.ClassificationRule;
import dev.turnout.failure.ClassificationRules;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashSet;
import java.util.Set;

/** The rules by which failures are classified now: the one place that the operator's API asks. */
@ApplicationScoped
class RulesInForce {
  private final Set<ClassificationRule> builtIn =
      new HashSet<>(ClassificationRules.builtIn().rules());

  /** All of them, in their order. */
  ClassificationRules all() {
    return ClassificationRules.builtIn();
  }

  /** Whose rule this is. A built-in one that an operator wrote anew to the letter is built in. */
  RuleBody.Source source(ClassificationRule rule) {
    return builtIn.contains(rule) ? RuleBody.Source.BUILT_IN : RuleBody.Source.OVERRIDE;
  }
}
