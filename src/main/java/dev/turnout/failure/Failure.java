package dev.turnout.failure;

import java.time.Instant;
import java.util.Optional;

/**
 * A classified failure.
 *
 * @param rule the id of the classifier's rule that matched, for the operator who asks why
 * @param summary one sentence for a person, without credentials
 * @param retryAt when the provider said that it works again
 */
public record Failure(
    FailureReason reason, String rule, String summary, Optional<Instant> retryAt) {

  public static Failure of(FailureReason reason, String rule, String summary) {
    return new Failure(reason, rule, summary, Optional.empty());
  }
}
