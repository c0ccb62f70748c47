package dev.turnout.failure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RuleTextTest {
  private static final RuleText GOOD =
      new RuleText("acme.seats", "status = 402 and says \"seats\"", "permission", "Their 402.");

  @Test
  void goodTextBecomesTheRuleItSays() {
    var rules = assertInstanceOf(RuleText.Result.Rules.class, RuleText.parse(List.of(GOOD)));
    var rule = rules.rules().getFirst();
    assertEquals("acme.seats", rule.id());
    assertEquals(FailureReason.PERMISSION, rule.reason());
    assertEquals("status = 402 and says \"seats\"", rule.when().toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "status =",
        "status = 402 or status = 403",
        "status = 402 and",
        "not not has status",
        "says seats",
        "says \"a\"",
        "says \"seats",
        "status = 9..1",
        "status = 500..599|429",
        "type = \"Bad Request\"",
        "status = =",
        "a* = 1",
        "status = 5*|400"
      })
  void conditionThatCannotBeReadIsAFlawOfWhen(String when) {
    var flaws = flaws(new RuleText("acme", when, "billing", "why"));
    assertEquals(List.of("when"), flaws.stream().map(RuleText.Flaw::field).toList());
    assertTrue(flaws.getFirst().why().startsWith("cannot be read: "), flaws.toString());
  }

  @ParameterizedTest
  @CsvSource({"Billing", "no_such_reason", "no_candidate", "expired", "''"})
  void reasonThatNoBackendGivesIsAFlaw(String reason) {
    var flaws = flaws(new RuleText("acme", "status = 402", reason, "why"));
    assertEquals(List.of("reason"), flaws.stream().map(RuleText.Flaw::field).toList());
  }

  @Test
  void allFlawsOfAllTextsAreToldAtOnce() {
    var flaws =
        flaws(GOOD, new RuleText("No Good", "status", "money", " "), new RuleText("", "", "", ""));
    assertEquals(
        List.of("1 id", "1 reason", "1 why", "1 when", "2 id", "2 reason", "2 why", "2 when"),
        flaws.stream().map(flaw -> flaw.index() + " " + flaw.field()).toList());
  }

  @Test
  void secondRuleOfOneIdIsAFlaw() {
    assertEquals(
        new RuleText.Flaw(1, "id", "is the id of an earlier rule of this list"),
        flaws(GOOD, GOOD).getFirst());
  }

  @Test
  void tooManyAndTooLongAreFlawsAndNotWork() {
    var many = Collections.nCopies(RuleText.MOST_RULES + 1, GOOD);
    assertEquals("", flaws(many.toArray(RuleText[]::new)).getFirst().field());
    var longest = "has status" + " and has a".repeat(RuleText.LONGEST_WHEN / 10 - 1);
    assertEquals(RuleText.LONGEST_WHEN, longest.length());
    assertInstanceOf(
        RuleText.Result.Rules.class,
        RuleText.parse(List.of(new RuleText("acme", longest, "billing", "why"))));
    assertEquals(
        "when", flaws(new RuleText("acme", longest + "b", "billing", "why")).getFirst().field());
  }

  private static List<RuleText.Flaw> flaws(RuleText... texts) {
    return assertInstanceOf(RuleText.Result.Flawed.class, RuleText.parse(List.of(texts))).flaws();
  }
}
