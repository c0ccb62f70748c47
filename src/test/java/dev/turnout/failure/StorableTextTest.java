package dev.turnout.failure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing that a backend says keeps the database from storing it. */
class StorableTextTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\0",
        "a\0b",
        "\ud83d",
        "\ude80 alone",
        "\ude80\ud83d",
        "fine \ud83d\ude80 \0 \ud83d"
      })
  void whatCannotBeStoredIsReplacedOneForOne(String text) {
    var stored = StorableText.of(text);

    assertFalse(StorableText.isStorable(text));
    assertTrue(StorableText.isStorable(stored));
    assertEquals(text.length(), stored.length());
    assertEquals(text.contains("\ud83d\ude80"), stored.contains("\ud83d\ude80"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "plain", "\ud83d\ude80", "tab\t and \u0001"})
  void whatCanBeStoredIsLeftAsItIs(String text) {
    assertSame(text, StorableText.of(text));
  }

  @Test
  void factsAndFailuresAreStorable() {
    var signal =
        new FailureSignal.HttpRejected(
            402, Optional.of("bil\0ling"), Optional.empty(), "no \0 money \ud83d", Map.of());

    var failure = new FailureClassifier().classify(signal, java.time.Instant.EPOCH);

    assertTrue(
        SignalFacts.of(signal).values().values().stream().allMatch(StorableText::isStorable));
    assertTrue(failure.excerpt().filter(StorableText::isStorable).isPresent());
    assertTrue(StorableText.isStorable(Failure.of(FailureReason.INTERNAL, "r", "a\0").summary()));
  }
}
