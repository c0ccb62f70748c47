package dev.turnout.settings;

import dev.turnout.cooldown.RestTable;
import dev.turnout.failure.ClassificationRules;
import dev.turnout.turn.AgentId;
import dev.turnout.turn.AuthProfileId;
import dev.turnout.turn.BackendId;
import dev.turnout.turn.LaneId;
import dev.turnout.usermessage.MessageTexts;
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
 * @param retention how long what is over is kept
 * @param messages what people are told, an operator's own words first
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
    EgressSettings egress,
    RetentionSettings retention,
    MessageTexts messages) {

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
        EgressSettings.STANDARD,
        RetentionSettings.FOR_EVER,
        MessageTexts.BUILT_IN);
  }

  public Optional<AgentSettings> agent(AgentId id) {
    return Optional.ofNullable(agents.get(id));
  }

  /** How the turns of this agent wait; like those of all agents where it is not configured. */
  public QueueSettings queueOf(AgentId id) {
    return agent(id).map(agent -> queue.with(agent.line())).orElse(queue);
  }

  public Optional<BackendSettings> backend(BackendId id) {
    return Optional.ofNullable(backends.get(id));
  }

  public Optional<AuthProfileSettings> authProfile(AuthProfileId id) {
    return Optional.ofNullable(authProfiles.get(id));
  }
}
