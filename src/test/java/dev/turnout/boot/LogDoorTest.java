package dev.turnout.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.logging.Level;
import java.util.regex.Pattern;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is logged is one line, whoever wrote it. */
class LogDoorTest {
  private static final Pattern INERT = Pattern.compile("[\\t\\P{C}]*");

  private static String logged(ExtLogRecord entry) {
    assertTrue(new LogDoor().isLoggable(entry));
    return new PatternFormatter("%p %s%e%n").format(entry);
  }

  private static ExtLogRecord entry(String message, Object... parameters) {
    var entry =
        new ExtLogRecord(Level.INFO, message, ExtLogRecord.FormatStyle.MESSAGE_FORMAT, "test");
    entry.setParameters(parameters);
    return entry;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a\nINFO forged",
        "a\r\nINFO forged",
        "a\u0085forged",
        "a\u2028forged",
        "a\u001b[31mred",
        "a\u009b31mred",
        "a\u0000b",
        "a\bb",
        "a\u202egnp.exe",
        "a\u2066b",
        "a\u200bb",
        "a\ufeffb"
      })
  void remoteTextStaysInItsLine(String text) {
    var line = logged(entry("turn {0}: {1}", 7, text)).stripTrailing();

    assertTrue(INERT.matcher(line).matches(), line);
    assertTrue(line.startsWith("INFO turn 7: a\\u"), line);
  }

  @Test
  void whatIsThrownIsToldWithInertWordsAndItsPlaces() {
    var cause = new IOException("deep\nINFO forged\u001b[0m");
    var entry = entry("broken");
    entry.setThrown(new IllegalStateException("top\r\nINFO forged", cause));

    var told = logged(entry);

    assertTrue(told.contains("IllegalStateException: top\\u000d\\u000aINFO forged"), told);
    assertTrue(told.contains("Caused by: java.io.IOException: deep\\u000aINFO forged"), told);
    assertTrue(told.contains("at dev.turnout.boot.LogDoorTest"), told);
    assertFalse(told.lines().anyMatch(line -> line.startsWith("INFO forged")), told);
  }

  @Test
  void aMessageWithoutEndIsCut() {
    var line = logged(entry("{0}", "x".repeat(1_000_000)));

    assertTrue(line.length() < LogDoor.LONGEST + 100, () -> "" + line.length());
  }

  @Test
  void plainTextIsLoggedAsItIs() {
    assertEquals("INFO 50% of 鉄 🦊 {x}\t\\n", logged(entry("{0}", "50% of 鉄 🦊 {x}\t\\n")).strip());
  }
}
