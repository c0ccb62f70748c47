package dev.turnout.routing;

import dev.turnout.backend.BackendRuntime;
import dev.turnout.cooldown.CooldownKey;
import dev.turnout.cooldown.Way;
import dev.turnout.settings.BackendSettings;
import dev.turnout.settings.Reach;
import dev.turnout.settings.Settings;
import dev.turnout.turn.AgentId;
import dev.turnout.turn.Candidate;
import dev.turnout.turn.LaneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Candidates as cooldowns see them. */
public final class Ways {
  private Ways() {}

  /** The way of this candidate; empty when its backend is not configured. */
  public static Optional<Way> of(Settings settings, Candidate candidate, LaneId lane) {
    return settings
        .backend(candidate.backend())
        .map(
            backend ->
                switch (backend) {
                  case BackendSettings.Cli _ ->
                      Way.of(candidate, BackendRuntime.CLI.code(), Optional.empty(), lane);
                  case BackendSettings.Api api ->
                      Way.of(candidate, BackendRuntime.API.code(), api.defaultModel(), lane);
                });
  }

  /** A candidate that turns of an agent can come to. */
  public record Covered(AgentId agent, Candidate candidate) {}

  /** Whether a cooldown of this key keeps the candidate from being asked. */
  public static boolean covers(CooldownKey key, Settings settings, Candidate candidate) {
    return of(settings, candidate, new LaneId(key.lane()))
        .filter(way -> key.scope().of(way).equals(key))
        .isPresent();
  }

  /** All that a cooldown of this key keeps agents from asking, by agent, in the order of chains. */
  public static List<Covered> covered(CooldownKey key, Settings settings) {
    var covered = new ArrayList<Covered>();
    settings.agents().values().stream()
        .sorted(Comparator.comparing(agent -> agent.id().value()))
        .forEach(
            agent ->
                Reach.of(agent).stream()
                    .filter(candidate -> covers(key, settings, candidate))
                    .forEach(candidate -> covered.add(new Covered(agent.id(), candidate))));
    return covered;
  }

  /**
   * Those that a cooldown of this key keeps from being asked where callers choose them, each once;
   * what agents are configured with is among them or not.
   */
  public static List<Candidate> coveredByChoice(CooldownKey key, Settings settings) {
    var model = Optional.of(key.model()).filter(named -> !named.isEmpty());
    return Reach.byChoice(settings, model).stream()
        .filter(candidate -> covers(key, settings, candidate))
        .toList();
  }
}
