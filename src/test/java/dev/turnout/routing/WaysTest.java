package dev.turnout.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.turnout.cooldown.CooldownKey;
import dev.turnout.cooldown.CooldownScope;
import dev.turnout.settings.Settings;
import dev.turnout.settings.WrittenSettings;
import dev.turnout.turn.BackendId;
import dev.turnout.turn.Candidate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Whom a cooldown keeps from being asked. */
class WaysTest {
  private static final Settings SETTINGS =
      WrittenSettings.of(
          Map.of(
              "turnout.backends.wide.kind", "claude",
              "turnout.backends.frank.kind", "codex",
              "turnout.agents.a.chain[0].backend", "demo",
              "turnout.agents.a.context-overflow-chain[0].backend", "wide",
              "turnout.agents.a.content-policy-chain[0].backend", "frank"));

  private static CooldownKey noMoney(String account) {
    return new CooldownKey(CooldownScope.PAYMENT, account, "", "cli", "", "user");
  }

  private static List<BackendId> backends(List<Candidate> candidates) {
    return candidates.stream().map(Candidate::backend).toList();
  }

  @Test
  void chainsForSomeKindsOfFailuresAreCovered() {
    for (var name : List.of("wide", "frank")) {
      assertEquals(
          List.of(new BackendId(name)),
          backends(
              Ways.covered(noMoney("~" + name), SETTINGS).stream()
                  .map(Ways.Covered::candidate)
                  .toList()));
    }
  }

  @Test
  void whatOnlyCallersChooseIsCoveredToo() {
    var settings =
        WrittenSettings.of(
            Map.of(
                "turnout.backends.spare.kind", "claude",
                "turnout.agents.a.chain[0].backend", "demo"));

    assertEquals(List.of(), Ways.covered(noMoney("~spare"), settings));
    assertEquals(
        List.of(new BackendId("spare")),
        backends(Ways.coveredByChoice(noMoney("~spare"), settings)));
  }
}
