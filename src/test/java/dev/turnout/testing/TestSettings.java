package dev.turnout.testing;

import dev.turnout.settings.AgentSettings;
import dev.turnout.settings.AgentTools;
import dev.turnout.settings.BackendSettings;
import dev.turnout.settings.BackendSettings.ApiDialect;
import dev.turnout.settings.BackendSettings.Cli;
import dev.turnout.settings.BackendSettings.CliDialect;
import dev.turnout.settings.BackendSettings.OutputFields;
import dev.turnout.settings.BackendSettings.OutputFormat;
import dev.turnout.settings.BackendSettings.PromptChannel;
import dev.turnout.settings.BackendSettings.TimeLimits;
import dev.turnout.settings.DecisionSettings;
import dev.turnout.settings.FallbackSettings;
import dev.turnout.settings.LaneSettings;
import dev.turnout.settings.LiveSettings;
import dev.turnout.settings.QueueSettings;
import dev.turnout.settings.Settings;
import dev.turnout.turn.AgentId;
import dev.turnout.turn.AuthProfileId;
import dev.turnout.turn.BackendId;
import dev.turnout.turn.Candidate;
import dev.turnout.turn.LaneId;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Settings for tests, with defaults. */
public final class TestSettings {
  public static final TimeLimits LIMITS =
      new TimeLimits(
          Duration.ofSeconds(5),
          Duration.ofSeconds(10),
          Duration.ofSeconds(10),
          Duration.ofSeconds(30));

  private TestSettings() {}

  /** A one-shot CLI of dialect COMMAND that answers in text. */
  public static Cli cli(String id, String command, String... args) {
    return new Cli(
        new BackendId(id),
        CliDialect.COMMAND,
        command,
        List.of(args),
        List.of(),
        List.of(),
        List.of(),
        Map.of(),
        List.of(),
        PromptChannel.AUTO,
        OutputFormat.TEXT,
        OutputFields.NONE,
        Map.of(),
        List.of(),
        Optional.empty(),
        LIMITS,
        1 << 20,
        Duration.ofMillis(300),
        LiveSettings.OFF,
        AgentTools.NONE,
        BackendSettings.MAX_HISTORY_BYTES);
  }

  public static BackendSettings.Api api(String id) {
    return new BackendSettings.Api(
        new BackendId(id),
        ApiDialect.ANTHROPIC,
        Optional.empty(),
        Optional.of("model"),
        1024,
        1 << 20,
        LIMITS);
  }

  public static Candidate candidate(String backend, String profile) {
    return new Candidate(
        new BackendId(backend), Optional.empty(), Optional.of(new AuthProfileId(profile)));
  }

  /** Settings with one agent, {@code demo}, and this chain. */
  public static Settings settings(List<Candidate> chain, int width, BackendSettings... backends) {
    var agent = new AgentId("demo");
    return new Settings(
        1,
        agent,
        Map.of(
            agent,
            new AgentSettings(agent, chain, Set.of(), Optional.empty(), Optional.empty(), 50)),
        Arrays.stream(backends).collect(Collectors.toMap(BackendSettings::id, b -> b)),
        Map.of(),
        Map.of(new LaneId("user"), new LaneSettings(new LaneId("user"), width)),
        new QueueSettings(100, 1 << 20, 3, 8, Duration.ZERO),
        new FallbackSettings(10, Duration.ZERO),
        new DecisionSettings(Duration.ofDays(30)));
  }
}
