package dev.turnout.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.turnout.turn.AgentId;
import dev.turnout.turn.Candidate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Everybody whom a turn can come to. */
class ReachTest {
  private static final Settings SETTINGS =
      YamlSettings.read(
          """
          turnout:
            backends: {c: {kind: claude}, d: {kind: codex}, m: {kind: anthropic, default-model: x}}
            auth-profiles:
              one: {provider: x, secret: "env:ONE"}
              tool: {provider: x, secret: "env:TOOL", runtimes: [cli]}
              off: {provider: x, secret: "env:OFF", enabled: false}
            agents:
              a:
                chain: [{backend: c, auth-profile: one}]
                context-overflow-chain: [{backend: c, model: long}, {backend: c, auth-profile: one}]
                content-policy-chain: [{backend: m, auth-profile: one}]
          """);

  private static List<String> names(List<Candidate> candidates) {
    return candidates.stream()
        .map(
            c ->
                c.backend()
                    + c.model().map(m -> "/" + m).orElse("")
                    + c.authProfile().map(p -> " as " + p).orElse(""))
        .toList();
  }

  @Test
  void chainsOfKindsAreReachedAndNobodyIsNamedTwice() {
    var agent = SETTINGS.agent(new AgentId("a")).orElseThrow();

    assertEquals(List.of("c as one", "c/long", "m as one"), names(Reach.of(agent)));
  }

  @Test
  void callersReachEachBackendWithEachCredentialThatMayBeUsedThere() {
    assertEquals(
        List.of(
            "c/y",
            "c/y as one",
            "c/y as tool",
            "d/y",
            "d/y as one",
            "d/y as tool",
            "demo/y",
            "demo/y as one",
            "demo/y as tool",
            "m/y as one"),
        names(Reach.byChoice(SETTINGS, Optional.of("y"))));
  }
}
