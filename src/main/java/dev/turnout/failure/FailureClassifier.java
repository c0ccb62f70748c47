package dev.turnout.failure;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;

/**
 * Says what a signal means. The only place that does, and a pure function: the first of its rules
 * that holds decides. Structure before text: what an adapter saw, then the typed body, then the
 * status, and prose only where none of these tells; see {@code failure-rules.txt}.
 */
public final class FailureClassifier {
  /** The id of the failure that no rule knows; no rule has it. */
  private static final String NO_RULE = "none";

  private final ClassificationRules rules;
  private final ZoneId zone;

  /** By the rules that ship with Turnout. */
  public FailureClassifier() {
    this(ClassificationRules.builtIn());
  }

  public FailureClassifier(ClassificationRules rules) {
    this(rules, ZoneId.systemDefault());
  }

  /** With the time zone of the machine on which CLIs run: some tell times by its clock. */
  public FailureClassifier(ClassificationRules rules, ZoneId zone) {
    this.rules = rules;
    this.zone = zone;
  }

  /**
   * What this signal means, with the rule that said so.
   *
   * @param now when it came; times such as "in 20 seconds" are counted from it
   */
  public Failure classify(FailureSignal signal, Instant now) {
    return classify(SignalFacts.of(signal), now);
  }

  /** What these facts mean; the same as for the signal that they are of. */
  public Failure classify(SignalFacts facts, Instant now) {
    var rule = rules.firstFor(facts);
    // Nobody's credential shall suffer for what we do not know.
    var reason = rule.map(ClassificationRule::reason).orElse(FailureReason.PROTOCOL_ERROR);
    return new Failure(
        reason,
        rule.map(ClassificationRule::id).orElse(NO_RULE),
        summary(facts),
        RetryTimes.read(facts, reason, now, zone),
        rule.map(found -> found.when().field()),
        facts.value("message").map(said -> shortened(said, Failure.EXCERPT_LIMIT)));
  }

  private static String summary(SignalFacts facts) {
    var said = facts.value("message").orElse("");
    return switch (facts.lowered("kind")) {
      case "http" -> "HTTP " + value(facts, "status") + after(said);
      case "cli" -> value(facts, "cli") + after(said);
      case "process_ended" ->
          "the process ended with "
              + facts
                  .value("process_signal")
                  .map(number -> "signal " + number)
                  .orElseGet(() -> "exit code " + value(facts, "exit_code"))
              + after(said);
      case "spawn_failed" -> value(facts, "program") + " cannot be started" + after(said);
      case "timed_out" -> ofTime(facts) + after(said);
      case "too_much_output" ->
          "the backend wrote more than " + value(facts, "limit_bytes") + " bytes";
      case "protocol_broken" -> "the backend does not speak its protocol" + after(said);
      case "answered_nothing" -> "the backend answered with nothing";
      case "refused" -> "the model declined: " + value(facts, "stop_reason");
      case "unreachable" -> "the backend cannot be reached" + after(said);
      case "session_unknown" ->
          "the backend no longer knows its session " + value(facts, "session_ref");
      default -> said.isEmpty() ? "nothing is known of it" : said;
    };
  }

  private static String ofTime(SignalFacts facts) {
    var after = value(facts, "after_ms") + " ms";
    return switch (facts.lowered("limit")) {
      case "connect" -> "no connection in " + after;
      case "first_output" -> "no output in the first " + after;
      case "idle" -> "no output for " + after;
      default -> "not finished in " + after;
    };
  }

  private static String after(String said) {
    return said.isEmpty() ? "" : ": " + said;
  }

  private static String value(SignalFacts facts, String name) {
    return facts.value(name).orElse("?");
  }

  private static String shortened(String text, int limit) {
    if (text.length() <= limit) {
      return text;
    }
    // No half of a surrogate pair at the end.
    int end = Character.isHighSurrogate(text.charAt(limit - 2)) ? limit - 2 : limit - 1;
    return text.substring(0, end) + "…";
  }

  /** Whether these facts would mean something else by other rules. */
  Optional<ClassChange> change(RecordedFailure recorded) {
    var rule = rules.firstFor(recorded.facts());
    var reason = rule.map(ClassificationRule::reason).orElse(FailureReason.PROTOCOL_ERROR);
    return reason == recorded.reason()
        ? Optional.empty()
        : Optional.of(
            new ClassChange(recorded, reason, rule.map(ClassificationRule::id).orElse(NO_RULE)));
  }
}
