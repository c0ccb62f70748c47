package dev.turnout.failure;

import java.util.regex.Pattern;

/**
 * One sentence of the classifier: what the facts must be, and what that means.
 *
 * @param id stands in every failure that it judged; lower case words joined by dots and dashes
 * @param when what must hold
 * @param why what is known of this answer, for whoever wonders or wants to change it
 */
public record ClassificationRule(String id, Condition when, FailureReason reason, String why) {
  /** What an id looks like, as a regular expression. */
  public static final String ID_PATTERN = "[a-z0-9]+([.-][a-z0-9]+)*";

  private static final Pattern ID = Pattern.compile(ID_PATTERN);

  public ClassificationRule {
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException(
          "the id of a rule is lower case words joined by dots and dashes, not \"" + id + "\"");
    }
    if (why.isBlank()) {
      throw new IllegalArgumentException("rule " + id + " does not say why");
    }
  }

  /**
   * A rule from its texts, as an operator writes it.
   *
   * @throws IllegalArgumentException saying what is wrong
   */
  public static ClassificationRule of(String id, String when, String reason, String why) {
    try {
      return new ClassificationRule(id, Condition.parse(when), FailureReason.ofCode(reason), why);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("rule " + id + ": " + e.getMessage(), e);
    }
  }
}
