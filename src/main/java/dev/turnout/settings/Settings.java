package dev.turnout.settings;

import dev.turnout.cooldown.RestTable;
import dev.turnout.failure.ClassificationRules;
import dev.turnout.turn.AgentId;
import dev.turnout.turn.AuthProfileId;
import dev.turnout.turn.BackendId;
import dev.turnout.turn.LaneId;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that an operator decides about agents and their turns, as one immutable tree. A run
 * takes the tree that is current when it starts and keeps it to its end.
 *
 * @param revision which version of the settings this is; reported with every turn it ran
 * @param rules by which failures are judged, an operator's own first
 * @param rests how long what failed rests
 * @param http what clients of the API see
 * @param egress which addresses may be asked
 */
public record Settings(
    long revision,
    AgentId defaultAgent,
    Map<AgentId, AgentSettings> agents,
    Map<BackendId, BackendSettings> backends,
    Map<AuthProfileId, AuthProfileSettings> authProfiles,
    Map<LaneId, LaneSettings> lanes,
    QueueSettings queue,
    FallbackSettings fallback,
    DecisionSettings decisions,
    ClassificationRules rules,
    RestTable rests,
    HttpSettings http,
    EgressSettings egress) {

  public Settings {
    agents = Map.copyOf(agents);
    backends = Map.copyOf(backends);
    authProfiles = Map.copyOf(authProfiles);
    lanes = Map.copyOf(lanes);
  }

  /** With what ships with Turnout in the place of all that is not named here. */
  public Settings(
      long revision,
      AgentId defaultAgent,
      Map<AgentId, AgentSettings> agents,
      Map<BackendId, BackendSettings> backends,
      Map<AuthProfileId, AuthProfileSettings> authProfiles,
      Map<LaneId, LaneSettings> lanes,
      QueueSettings queue,
      FallbackSettings fallback,
      DecisionSettings decisions) {
    this(
        revision,
        defaultAgent,
        agents,
        backends,
        authProfiles,
        lanes,
        queue,
        fallback,
        decisions,
        ClassificationRules.builtIn(),
        RestTable.STANDARD,
        HttpSettings.STANDARD,
        EgressSettings.STANDARD);
  }

  public Optional<AgentSettings> agent(AgentId id) {
    return Optional.ofNullable(agents.get(id));
  }

  public Optional<BackendSettings> backend(BackendId id) {
    return Optional.ofNullable(backends.get(id));
  }

  public Optional<AuthProfileSettings> authProfile(AuthProfileId id) {
    return Optional.ofNullable(authProfiles.get(id));
  }
}
