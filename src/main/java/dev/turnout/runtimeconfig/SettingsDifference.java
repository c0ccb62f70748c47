package dev.turnout.runtimeconfig;

import dev.turnout.queue.WaitingTurns;
import dev.turnout.runtimeconfig.WriteResult.Affected;
import dev.turnout.settings.AgentSettings;
import dev.turnout.settings.Reach;
import dev.turnout.settings.Settings;
import dev.turnout.turn.AgentId;
import dev.turnout.turn.LaneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Which waiting turns would run with something else than they would run with now. */
final class SettingsDifference {
  private SettingsDifference() {}

  static List<Affected> affected(
      Settings before, Settings after, List<WaitingTurns.Count> waiting) {
    var agents = new TreeMap<String, Long>();
    var lanes = new TreeMap<String, Long>();
    for (var count : waiting) {
      agents.merge(count.agent().value(), count.turns(), Long::sum);
      lanes.merge(count.lane().value(), count.turns(), Long::sum);
    }
    var found = new ArrayList<Affected>();
    add("agent", agents, name -> ofAgent(before, after, new AgentId(name)), found);
    add("lane", lanes, name -> ofLane(before, after, new LaneId(name)), found);
    return found;
  }

  private interface Question {
    Optional<String> how(String name);
  }

  private static void add(
      String what, Map<String, Long> turns, Question question, List<Affected> found) {
    turns.forEach(
        (name, count) ->
            question.how(name).ifPresent(how -> found.add(new Affected(what, name, how, count))));
  }

  private static Optional<String> ofAgent(Settings before, Settings after, AgentId id) {
    var old = before.agent(id);
    var fresh = after.agent(id);
    if (fresh.isEmpty()) {
      return old.map(_ -> "is removed: they fail with backend_config_missing when they start");
    }
    boolean same =
        old.equals(fresh)
            && reach(before, fresh.get()).equals(reach(after, fresh.get()))
            && before.rests().equals(after.rests())
            && before.rules().equals(after.rules())
            && before.fallback().equals(after.fallback());
    return same ? Optional.empty() : Optional.of("changes: they run with what is new");
  }

  /** Everything that its candidates lead to. */
  private static List<Object> reach(Settings settings, AgentSettings agent) {
    var reach = new ArrayList<Object>();
    for (var candidate : Reach.of(agent)) {
      reach.add(settings.backend(candidate.backend()));
      reach.add(candidate.authProfile().flatMap(settings::authProfile));
    }
    return reach;
  }

  private static Optional<String> ofLane(Settings before, Settings after, LaneId id) {
    var old = before.lanes().get(id);
    var fresh = after.lanes().get(id);
    if (fresh == null) {
      return old == null
          ? Optional.empty()
          : Optional.of("is removed: they still run, a few at once");
    }
    return fresh.equals(old) ? Optional.empty() : Optional.of("changes: another width");
  }
}
