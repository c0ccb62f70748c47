package dev.turnout.admin;

import dev.turnout.cooldown.RestTable;
import dev.turnout.failure.ClassificationRule;
import dev.turnout.failure.ClassificationRules;
import dev.turnout.settings.CurrentSettings;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashSet;
import java.util.Set;

/** The rules by which failures are classified now: the one place that the operator's API asks. */
@ApplicationScoped
class RulesInForce {
  private final Set<ClassificationRule> builtIn =
      new HashSet<>(ClassificationRules.builtIn().rules());

  private final CurrentSettings settings;

  RulesInForce(CurrentSettings settings) {
    this.settings = settings;
  }

  /** All of them, in their order: an operator's own come first. */
  ClassificationRules all() {
    return settings.snapshot().rules();
  }

  /** How long what failed rests. */
  RestTable rests() {
    return settings.snapshot().rests();
  }

  /** Whose rule this is. A built-in one that an operator wrote anew to the letter is built in. */
  RuleBody.Source source(ClassificationRule rule) {
    return builtIn.contains(rule) ? RuleBody.Source.BUILT_IN : RuleBody.Source.OVERRIDE;
  }
}
