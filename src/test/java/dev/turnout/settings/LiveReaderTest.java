package dev.turnout.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.settings.BackendSettings.Cli;
import dev.turnout.turn.BackendId;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Whose processes may live between turns, and for how long. */
class LiveReaderTest {
  private static Map<String, String> written(String kind, String... more) {
    var written = new HashMap<String, String>();
    written.put("turnout.backends.b.kind", kind);
    for (int i = 0; i < more.length; i += 2) {
      written.put("turnout.backends.b." + more[i], more[i + 1]);
    }
    return written;
  }

  private static LiveSettings live(Map<String, String> written) {
    var backend = WrittenSettings.of(written).backend(new BackendId("b")).orElseThrow();
    return ((Cli) backend).live();
  }

  @Test
  void demoLivesByItselfAndClaudeWhenToldTo() {
    assertTrue(live(written("demo")).enabled());
    assertFalse(live(written("demo", "live.enabled", "false")).enabled());
    assertFalse(live(written("claude")).enabled());
    assertEquals(
        new LiveSettings(true, Duration.ofMinutes(1), Duration.ofHours(6), 7, 16),
        live(
            written(
                "claude", "live.enabled", "true", "live.idle-close", "1m", "live.max-turns", "7")));
  }

  @Test
  void codexGeminiAndAgentsInAcpLiveWhenToldTo() {
    for (var kind : new String[] {"acp", "codex", "gemini"}) {
      assertFalse(live(written(kind, "command", "agent")).enabled(), kind);
      assertTrue(live(written(kind, "command", "agent", "live.enabled", "true")).enabled(), kind);
    }
  }

  @Test
  void processesAreStartedAheadWhereNothingOfTheConversationIsSaidAtTheStart() {
    assertEquals(0, live(written("demo")).warm());
    assertEquals(3, live(written("demo", "live.warm", "3")).warm());
    assertEquals(1, live(written("claude", "live.enabled", "true", "live.warm", "1")).warm());
    for (var refused :
        List.of(
            written("demo", "live.warm", "17"),
            written("demo", "live.warm", "-1"),
            written("claude", "live.warm", "1"),
            written("codex", "live.enabled", "true", "live.warm", "1"))) {
      var flaw = assertThrows(InvalidSettings.class, () -> live(refused), refused::toString);
      assertTrue(flaw.toString().contains("turnout.backends.b.live.warm"), flaw.toString());
    }
  }

  @Test
  void whoCannotLiveIsRefused() {
    for (var kind : new String[] {"command", "anthropic"}) {
      var refused =
          assertThrows(
              InvalidSettings.class,
              () -> live(written(kind, "live.enabled", "true", "command", "tr")),
              kind);
      assertTrue(refused.toString().contains("turnout.backends.b.live.enabled"), kind);
    }
    assertThrows(
        InvalidSettings.class,
        () ->
            live(
                written(
                    "claude", "live.enabled", "true", "prompt", "argument", "args", "{prompt}")));
  }
}
