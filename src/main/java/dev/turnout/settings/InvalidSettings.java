package dev.turnout.settings;

import java.util.List;

/** The configuration does not hold: each violation names its key and what is allowed. */
public final class InvalidSettings extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final List<String> violations;

  InvalidSettings(List<String> violations) {
    super("the configuration does not hold:\n  " + String.join("\n  ", violations));
    this.violations = List.copyOf(violations);
  }

  public List<String> violations() {
    return violations;
  }
}
