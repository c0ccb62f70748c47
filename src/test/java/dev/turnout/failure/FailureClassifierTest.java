package dev.turnout.failure;

import static dev.turnout.failure.Survey.facts;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.failure.FailureSignal.HttpRejected;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class FailureClassifierTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final ClassificationRules RULES = ClassificationRules.builtIn();

  private final FailureClassifier classifier = new FailureClassifier();

  static Stream<Survey> survey() {
    return Survey.all().stream();
  }

  @ParameterizedTest
  @MethodSource("survey")
  void aSurveyedFailureIsWhatTheSurveySays(Survey row) {
    var failure = classifier.classify(row.facts(), NOW);

    assertEquals(row.reason() + " by " + row.rule(), failure.reason() + " by " + failure.rule());
    assertTrue(failure.matchedField().isPresent());
    assertEquals(row.facts().value("message"), failure.excerpt());
  }

  @Test
  void everyRuleDecidesASurveyedFailure() {
    var proven = survey().map(Survey::rule).collect(Collectors.toSet());

    assertEquals(
        List.of(),
        RULES.rules().stream()
            .map(ClassificationRule::id)
            .filter(id -> !proven.contains(id))
            .toList());
  }

  @Test
  void surveyNamesEachFailureOnce() {
    var names = new HashSet<String>();

    assertEquals(List.of(), survey().map(Survey::name).filter(name -> !names.add(name)).toList());
  }

  @Test
  void noBuiltInRuleIsUnreachable() {
    assertEquals(List.of(), RULES.unreachable());
  }

  /** The words of each rule of prose, under a type that tells something else. */
  @Test
  void typedBodyBeatsStatusAndText() {
    for (var phrase : proseOf("text.")) {
      for (var status : List.of("200", "400", "404", "500", "503")) {
        var typed = facts("type=rate_limit_error; status=" + status, phrase);
        var reason = classifier.classify(typed, NOW).reason();

        // An empty account behind a 5xx is the one thing that its words may say.
        boolean corrected = status.startsWith("5") && reason == FailureReason.BILLING;
        assertTrue(reason == FailureReason.RATE_LIMIT || corrected, status + " " + phrase);
      }
    }
  }

  @Test
  void statusBeatsText() {
    for (var phrase : proseOf("text.")) {
      assertEquals(
          FailureReason.REQUEST_TOO_LARGE,
          classifier.classify(facts("status=413", phrase), NOW).reason(),
          phrase);
      assertEquals(
          FailureReason.MODEL_NOT_FOUND,
          classifier.classify(facts("status=404", phrase), NOW).reason(),
          phrase);
      assertEquals(
          FailureReason.TIMEOUT_TOTAL,
          classifier.classify(facts("status=408", phrase), NOW).reason(),
          phrase);
    }
  }

  /** Before the prose, no rule goes by prose alone: each is tied to a structure. */
  @Test
  void textOnlyDecidesWhereAStructureIsNamedOrNoneTold() {
    var alone =
        RULES.rules().stream()
            .filter(rule -> rule.when() instanceof Condition.Says)
            .map(ClassificationRule::id)
            .filter(id -> !id.startsWith("text."))
            .toList();

    assertEquals(List.of(), alone);
  }

  private static List<String> proseOf(String prefix) {
    var phrases = new ArrayList<String>();
    for (var rule : RULES.rules()) {
      if (rule.id().startsWith(prefix) && rule.when() instanceof Condition.Says(var said)) {
        phrases.addAll(said);
      }
    }
    assertTrue(phrases.size() > 100);
    return phrases;
  }

  /** What nobody surveyed harms no credential. */
  @Test
  void unknownFailureIsOfTheFamilyThatHarmsNothing() {
    for (var facts :
        List.of(
            facts("cli=new-cli; strange=field", "words that nobody knows"),
            facts("status=302", ""),
            facts("kind=of-the-future", ""),
            SignalFacts.of(Map.of()))) {
      var failure = classifier.classify(facts, NOW);

      assertEquals(FailureFamily.LOCAL, failure.reason().family(), failure::toString);
      assertFalse(failure.summary().isBlank());
    }
  }

  @Test
  void anUnknownSignalNamesNoRuleAndNoField() {
    var failure = classifier.classify(SignalFacts.of(Map.of("kind", "new")), NOW);

    assertEquals("none", failure.rule());
    assertEquals(Optional.empty(), failure.matchedField());
  }

  @ParameterizedTest
  @CsvSource({
    "status=402,                                    pay, status",
    "status=402; header.retry-after=9,              pay, header.retry-after",
    "status=429; type=rate_limit_error,             x,   type",
    "status=429; code=1305,                         x,   code",
    "status=400,          You're out of extra usage, message",
    "cli=claude; terminal_reason=max_turns,         x,   terminal_reason",
    "'cli=claude; assistant.error=server_error', Request timed out., message",
  })
  void theFieldThatDecidedIsKept(String fields, String message, String field) {
    assertEquals(
        Optional.of(field), classifier.classify(facts(fields, message), NOW).matchedField());
  }

  @Test
  void signalAndItsKeptFactsMeanTheSame() {
    var signal =
        new HttpRejected(
            429,
            Optional.of("tokens"),
            Optional.of("rate_limit_exceeded"),
            "Please try again in 20s.",
            Map.of("Retry-After", "20"));
    var kept = SignalFacts.of(SignalFacts.of(signal).values());

    assertEquals(classifier.classify(signal, NOW), classifier.classify(kept, NOW));
    assertEquals(Optional.of(NOW.plusSeconds(20)), classifier.classify(kept, NOW).retryAt());
  }

  @Test
  void excerptIsShortAndSummaryNamesTheStatus() {
    var failure = classifier.classify(facts("status=500", "x".repeat(3_000)), NOW);

    assertEquals(Failure.EXCERPT_LIMIT, failure.excerpt().orElseThrow().length());
    assertTrue(failure.summary().startsWith("HTTP 500: xxx"), failure.summary());
  }

  @Test
  void anOverrideDecidesBeforeTheBuiltInRules() {
    var ours =
        ClassificationRule.of(
            "ours.maintenance", "status = 503 and says \"maintenance\"", "server_error", "told so");
    var rules = new FailureClassifier(RULES.overriddenBy(List.of(ours)));

    assertEquals(
        "ours.maintenance", rules.classify(facts("status=503", "Maintenance"), NOW).rule());
    assertEquals("http.503", rules.classify(facts("status=503", "full"), NOW).rule());
  }

  @Test
  void anOverrideOfTheSameIdTakesTheBuiltInRulesPlace() {
    var narrower =
        ClassificationRule.of("http.402", "status = 402 and says \"pay\"", "billing", "narrower");
    var rules = RULES.overriddenBy(List.of(narrower));

    assertEquals(RULES.rules().size(), rules.rules().size());
    assertEquals(
        "http.4xx", new FailureClassifier(rules).classify(facts("status=402", "no"), NOW).rule());
  }

  @Test
  void dryRunTellsWhichFailuresOfThePastWouldChange() {
    var gone =
        new RecordedFailure(
            "a", facts("status=410", ""), FailureReason.MODEL_NOT_FOUND, "http.404");
    var full =
        new RecordedFailure("b", facts("status=503", ""), FailureReason.OVERLOADED, "http.503");
    var changed =
        RULES.overriddenBy(
            List.of(
                ClassificationRule.of("ours.gone", "status = 410", "server_error", "our gateway"),
                ClassificationRule.of("ours.full", "status = 503", "overloaded", "same as ever")));

    var changes = ClassChange.dryRun(List.of(gone, full), changed);

    assertEquals(List.of(new ClassChange(gone, FailureReason.SERVER_ERROR, "ours.gone")), changes);
    assertEquals(List.of(), ClassChange.dryRun(List.of(gone, full), RULES));
  }

  @Test
  void whoRanOutOfTimeIsToldWhatTheProcessWaitedFor() {
    var late =
        new FailureSignal.TimedOut(
            FailureSignal.TimedOut.Limit.FIRST_OUTPUT,
            Duration.ofSeconds(30),
            "open https://example.org to sign in\n");

    var failure =
        new FailureClassifier(ClassificationRules.builtIn()).classify(late, Instant.EPOCH);

    assertEquals(FailureReason.TIMEOUT_FIRST_OUTPUT, failure.reason());
    assertEquals(
        "no output in the first 30000 ms: open https://example.org to sign in", failure.summary());
  }
}
