package dev.turnout.usermessage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.failure.FailureReason;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** An operator's own words take the place of ours, and hold what ours hold. */
class MessageTextsTest {
  private static final Instant NOON = Instant.parse("2026-03-06T12:00:00Z");
  private static final List<FailedWay> BILLED =
      List.of(
          new FailedWay(FailureReason.BILLING, true, Optional.of(NOON), Account.API_KEY),
          new FailedWay(FailureReason.NETWORK, true, Optional.of(NOON), Account.API_KEY));

  private static String told(MessageTexts texts, Language language) {
    return UserMessage.of(BILLED, language, ZoneOffset.UTC, texts).text();
  }

  @Test
  void ownWordsStandWhereOursStoodAndNowhereElse() {
    var texts =
        new MessageTexts(
            Map.of(
                Language.ENGLISH,
                Map.of(
                    "billing_api_key", "Ask Ann to pay.",
                    "again_at", "Back at {0}, surely at {0}.",
                    "time", "HH:mm")));

    var ours = told(MessageTexts.BUILT_IN, Language.ENGLISH);
    assertTrue(ours.contains("no credit left"), ours);
    var own = told(texts, Language.ENGLISH);
    assertTrue(own.contains("Ask Ann to pay. The provider could not be reached"), own);
    assertTrue(own.endsWith("Back at 12:00, surely at 12:00."), own);
    assertEquals(told(MessageTexts.BUILT_IN, Language.CHINESE), told(texts, Language.CHINESE));
  }

  @ParameterizedTest
  @EnumSource(Language.class)
  void everyTextThatShipsWouldBeTakenAsAnOperators(Language language) {
    for (var key : Catalogue.keys(language)) {
      assertEquals(
          Optional.empty(),
          MessageTexts.flaw(language, key.replace('.', '_'), Catalogue.text(language, key)),
          key);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "agian | Again. | is not a text",
        "again | '  ' | not all blank",
        "again_at | Soon. | must have the placeholder {0}",
        "again_at | From {0} to {1}. | no placeholder but {0}",
        "again | At {0}. | no placeholders",
        "again | At {time. | no placeholders",
        "time | nonsense | pattern of times",
        "time | ' ' | not all blank"
      })
  void whatWouldNotBeToldRightIsRefused(String name, String text, String why) {
    var flaw = MessageTexts.flaw(Language.ENGLISH, name, text).orElse("");

    assertTrue(flaw.contains(why), flaw);
  }

  @Test
  void floodsAndControlCharactersAreRefused() {
    assertTrue(MessageTexts.flaw(Language.ENGLISH, "again", "x".repeat(1_001)).isPresent());
    assertEquals(Optional.empty(), MessageTexts.flaw(Language.ENGLISH, "again", "x".repeat(1_000)));
    assertTrue(MessageTexts.flaw(Language.ENGLISH, "again", "a\u001b[31mb").isPresent());
  }
}
