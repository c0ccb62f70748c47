package dev.turnout.failure;

import java.time.Instant;
import java.util.Optional;

/**
 * A classified failure, with the evidence on which it was judged.
 *
 * @param rule the id of the {@link ClassificationRule} that matched, for the operator who asks why
 * @param summary one sentence for a person, without credentials
 * @param retryAt when it works again: as the provider said, else when what rests for it is asked
 *     again; always after the failure
 * @param matchedField the fact that the rule went by, such as {@code status} or {@code message};
 *     absent where there was nothing to classify
 * @param excerpt what the backend said, without credentials; at most {@link #EXCERPT_LIMIT}
 *     characters
 */
public record Failure(
    FailureReason reason,
    String rule,
    String summary,
    Optional<Instant> retryAt,
    Optional<String> matchedField,
    Optional<String> excerpt) {

  /** Longest excerpt that is kept with a failure, in characters: enough to recognise a message. */
  public static final int EXCERPT_LIMIT = 400;

  /** Its words are often not ours, and end in several tables. */
  public Failure {
    summary = StorableText.of(summary);
    excerpt = excerpt.map(StorableText::of);
  }

  /** The same with a time at which it ends, unless the provider has named one. */
  public Failure endingAt(Instant end) {
    return retryAt.isPresent()
        ? this
        : new Failure(reason, rule, summary, Optional.of(end), matchedField, excerpt);
  }

  /** A failure that was decided here and not read out of a backend's words. */
  public static Failure of(FailureReason reason, String rule, String summary) {
    return new Failure(reason, rule, summary, Optional.empty(), Optional.empty(), Optional.empty());
  }
}
