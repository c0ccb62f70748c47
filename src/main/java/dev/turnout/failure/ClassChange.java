package dev.turnout.failure;

import java.util.List;

/**
 * A recorded failure that other rules would take for something else.
 *
 * @param recorded what it was
 * @param reason what it would be
 * @param rule which rule would say so
 */
public record ClassChange(RecordedFailure recorded, FailureReason reason, String rule) {

  /**
   * Which of these failures would change their reason under these rules, in the order given.
   * Changes nothing. A failure that another rule takes for the same as before is none of them.
   */
  public static List<ClassChange> dryRun(
      List<RecordedFailure> recorded, ClassificationRules changed) {
    var classifier = new FailureClassifier(changed);
    return recorded.stream().flatMap(failure -> classifier.change(failure).stream()).toList();
  }
}
