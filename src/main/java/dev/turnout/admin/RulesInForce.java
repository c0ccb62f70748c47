package dev.turnout.admin;

import dev.turnout.failure.ClassificationRule;
import dev.turnout.failure.ClassificationRules;
import dev.turnout.settings.CurrentSettings;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** The rules by which failures are classified now. */
@ApplicationScoped
class RulesInForce {
  RulesInForce(CurrentSettings settings) {}

  /** Those of the operator, which stand before the built-in ones. */
  List<ClassificationRule> overrides() {
    return List.of();
  }

  ClassificationRules all() {
    return ClassificationRules.builtIn().overriddenBy(overrides());
  }
}
