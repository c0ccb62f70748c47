package dev.turnout.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.turnout.settings.AgentSettings;
import dev.turnout.settings.BackendSettings.Cli;
import dev.turnout.settings.Settings;
import dev.turnout.settings.ToolRules;
import dev.turnout.testing.TestSettings;
import dev.turnout.turn.Candidate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a process is started with is what the turns of its agent want. */
class ProcessNeedTest {
  @Test
  void rulesOfAnAgentForItsToolsAreAPartOfWhatItsProcessesAre() {
    var candidate = TestSettings.candidate("cli", "key");
    Settings settings =
        TestSettings.settings(List.of(candidate), 1, TestSettings.cli("cli", "agent"));
    var plain = settings.agents().values().iterator().next();

    assertEquals(List.of(), allowed(settings, plain, candidate));
    assertEquals(List.of("Read"), allowed(settings, withRules(plain, List.of("Read")), candidate));
  }

  private static List<String> allowed(Settings settings, AgentSettings agent, Candidate candidate) {
    var need = ProcessNeed.of(settings, agent, candidate).orElseThrow();
    return assertInstanceOf(Cli.class, need.backend()).tools().policy().allow();
  }

  private static AgentSettings withRules(AgentSettings agent, List<String> allow) {
    var rules =
        new ToolRules(
            Optional.of(allow),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    return new AgentSettings(
        agent.id(),
        agent.links(),
        agent.fallback(),
        agent.systemPrompt(),
        agent.workspace(),
        agent.historyTurns(),
        rules,
        agent.line());
  }
}
