package dev.turnout.failure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClassificationRulesTest {
  @Test
  void everyBuiltInConditionIsReadAsItIsWritten() {
    for (var rule : ClassificationRules.builtIn().rules()) {
      assertEquals(rule.when(), Condition.parse(rule.when().toString()), rule.id());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '~',
      value = {
        "status = 402;                            status=402;             true",
        "status = 400|402;                        status=402;             true",
        "status = 400..499;                       status=402;             true",
        "status = 500..599;                       status=402;             false",
        "status = 500..599;                       status=99999999999;     false",
        "code = Throttl*;                         code=THROTTLING.QPS;    true",
        "code = throttl*;                         status=402;             false",
        "has header.retry-after;                  header.retry-after=1;   true",
        "not has header.retry-after;              header.retry-after=1;   false",
        "status = 402 and not has code;           status=402;             true",
        "status = 402 and has code;               status=402;             false",
        "says \"EXTRA usage\"|\"余额不足\";            message=of Extra Usage; true",
        "says \"you're out\";                     message=You’re out;     true",
        "says \"extra usage\";                    type=extra usage;       false",
      })
  void conditionHoldsWhereItsWordsDo(String condition, String field, boolean holds) {
    assertEquals(holds, Condition.parse(condition).holds(Survey.facts(field, "")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "status",
        "status =",
        "status = 400 or status = 500",
        "status = 400 and",
        "status = 599..500",
        "code = a|b*",
        "says extra",
        "says \"x\"",
        "says \"unfinished",
        "has",
        "= 400",
      })
  void brokenConditionIsRefusedWithItsText(String condition) {
    var refused = assertThrows(IllegalArgumentException.class, () -> Condition.parse(condition));

    assertTrue(String.valueOf(refused.getMessage()).endsWith(": " + condition), refused::toString);
  }

  @Test
  void twoRulesOfOneIdAreRefused() {
    var rule = rule("a", "status = 400");

    assertThrows(
        IllegalArgumentException.class, () -> new ClassificationRules(List.of(rule, rule)));
  }

  @Test
  void ruleSaysWhyAndHasAnId() {
    assertThrows(
        IllegalArgumentException.class,
        () -> ClassificationRule.of("a", "status = 400", "billing", " "));
    assertThrows(
        IllegalArgumentException.class,
        () -> ClassificationRule.of("A b", "status = 400", "billing", "why"));
    assertThrows(
        IllegalArgumentException.class,
        () -> ClassificationRule.of("a", "status = 400", "no_such_reason", "why"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '~',
      value = {
        "status = 400..499;           status = 404;                           true",
        "status = 404;                status = 400..499;                      false",
        "status = 400;                status = 400 and says \"extra\";        true",
        "status = 400 and has code;   status = 400;                           false",
        "says \"extra\";              says \"extra usage\"|\"more extra\";    true",
        "says \"extra usage\";        says \"extra\";                         false",
        "code = throttl*;             code = throttling|throttled;            true",
        "has code;                    code = a;                               true",
        "has code;                    not code = a;                           false",
        "not code = a|b;              not code = a;                           false",
        "not code = a;                not code = a|b;                         true",
      })
  void ruleBehindAWiderOneIsUnreachable(String earlier, String later, boolean unreachable) {
    var rules = new ClassificationRules(List.of(rule("earlier", earlier), rule("later", later)));

    assertEquals(unreachable ? List.of("later") : List.of(), rules.unreachable());
  }

  @Test
  void ruleFileTakesLinesThatGoOnAndComments() {
    var rules =
        RuleFile.parse(
            """
            # A comment
            billing  a.b
              when  status = 402
                    and has code
              why   One
                    two.

            network  c
              when  has x
              why   Three.
            """);

    assertEquals(
        List.of(
            ClassificationRule.of("a.b", "status = 402 and has code", "billing", "One two."),
            ClassificationRule.of("c", "has x", "network", "Three.")),
        rules);
  }

  private static ClassificationRule rule(String id, String when) {
    return ClassificationRule.of(id, when, "internal", "a test");
  }
}
