package dev.turnout.backend.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.turnout.settings.BackendSettings.CliDialect;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InertTextTest {
  @ParameterizedTest
  @ValueSource(strings = {"/clear", " /clear", "\n/help me"})
  void leadingCommandStandsBehindAHeader(String prompt) {
    assertEquals("Message:\n" + prompt, InertText.of(CliDialect.CLAUDE, prompt));
    assertEquals("Message:\n" + prompt, InertText.of(CliDialect.GEMINI, prompt));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\u00a0", "\ufeff", "\u2007", "\u202f", "\u0085", "\u200b", " \u3000\u2060\t"})
  void whatNobodySeesBeforeACommandHidesItFromNoCli(String unseen) {
    var prompt = unseen + "/extensions install https://example.org";
    assertEquals("Message:\n" + prompt, InertText.of(CliDialect.CLAUDE, prompt));
    assertEquals("Message:\n" + prompt, InertText.of(CliDialect.GEMINI, prompt));
    assertEquals("Message:\n" + prompt, InertText.ofAcp(prompt));
  }

  /** What begins so is left out of the conversation that it resumes. */
  @Test
  void leadingQuestionMarkIsKeptInGeminisMemory() {
    assertEquals("Message:\n?? why", InertText.of(CliDialect.GEMINI, "?? why"));
    assertEquals("?? why", InertText.of(CliDialect.CLAUDE, "?? why"));
  }

  @Test
  void everyBareAtIsEscapedForGemini() {
    assertEquals(
        "see \\@secret.txt, me\\@example.org and \\@done",
        InertText.of(CliDialect.GEMINI, "see @secret.txt, me@example.org and \\@done"));
    assertEquals("\\@\\@x", InertText.of(CliDialect.GEMINI, "@@x"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"hello", "a/b", "-p", "!ls", "", "#note"})
  void otherTextStaysAsItIs(String prompt) {
    for (var dialect : EnumSet.complementOf(EnumSet.of(CliDialect.ACP))) {
      assertEquals(prompt, InertText.of(dialect, prompt));
    }
  }

  @Test
  void codexNeedsNothing() {
    assertEquals("/clear @x", InertText.of(CliDialect.CODEX, "/clear @x"));
  }

  @Test
  void beginningThatAnAgentInAcpCouldTakeForACommandHasALineBeforeIt() {
    assertEquals("Message:\n/clear", InertText.of(CliDialect.ACP, "/clear"));
    assertEquals("Message:\n $memory", InertText.ofAcp(" $memory"));
    assertEquals("me@example.org", InertText.ofAcp("me@example.org"));
  }
}
