package dev.turnout.backend.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What an admin sees of a command line. */
class ShownArgumentsTest {
  @Test
  void whatMayBeSecretIsHidden() {
    assertEquals(
        List.of(
            "claude", "--api-key", "[hidden]", "--token=[hidden]", "[hidden]", "--model", "opus"),
        ShownArguments.of(
            List.of(
                "claude",
                "--api-key",
                "abc",
                "--token=abc",
                "sk-ant-0123456789",
                "--model",
                "opus")));
  }

  @Test
  void whatIsLongIsCutOff() {
    var shown = ShownArguments.of(List.of("x".repeat(1_000))).getFirst();

    assertTrue(shown.endsWith("… (1000 characters)"), shown);
    assertTrue(shown.length() < 200, shown);
  }
}
