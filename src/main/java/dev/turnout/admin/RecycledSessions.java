package dev.turnout.admin;

import dev.turnout.livesession.LiveSessions;
import dev.turnout.livesession.LiveState;
import dev.turnout.livesession.LiveView;
import dev.turnout.queue.TurnHistory;
import dev.turnout.runtimeconfig.WriteResult;
import dev.turnout.settings.AgentSettings;
import dev.turnout.settings.BackendSettings;
import dev.turnout.settings.Settings;
import dev.turnout.turn.AuthProfileId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;

/**
 * Which living processes here a change of settings makes stale: what they were started with is what
 * the next turn of their session wants otherwise. Where the next turn is another agent's, or names
 * another model, that is found when it comes.
 */
@ApplicationScoped
class RecycledSessions {
  private final LiveSessions sessions;
  private final TurnHistory history;

  RecycledSessions(LiveSessions sessions, TurnHistory history) {
    this.sessions = sessions;
    this.history = history;
  }

  List<ConfigBody.RecycledBody> by(WriteResult.Plan plan) {
    if (plan.changes().isEmpty() || plan.passage().isEmpty()) {
      return List.of();
    }
    var passage = plan.passage().get();
    return sessions.list().stream()
        .filter(view -> !(view.state() instanceof LiveState.Closed))
        .flatMap(
            view ->
                why(view, passage.before(), passage.after())
                    .map(
                        why ->
                            new ConfigBody.RecycledBody(
                                view.id(),
                                view.key().backend().value(),
                                !(view.state() instanceof LiveState.Ready),
                                why))
                    .stream())
        .toList();
  }

  private Optional<String> why(LiveView view, Settings before, Settings after) {
    return ofBackend(view, before, after)
        .or(() -> ofProfile(view, before, after))
        .or(() -> ofAgent(view, before, after));
  }

  private static Optional<String> ofBackend(LiveView view, Settings before, Settings after) {
    var id = view.key().backend();
    var next = after.backend(id);
    if (next.isEmpty()) {
      return Optional.of("its backend is removed");
    }
    if (next.get() instanceof BackendSettings.Cli cli && !cli.live().enabled()) {
      return Optional.of("processes of its backend are not kept any more");
    }
    return before.backend(id).map(RecycledSessions::start).equals(next.map(RecycledSessions::start))
        ? Optional.empty()
        : Optional.of("its backend is started otherwise");
  }

  /** What a process is started with; its time limits are those of each turn. */
  private static Object start(BackendSettings backend) {
    return switch (backend) {
      case BackendSettings.Api api -> api;
      case BackendSettings.Cli cli ->
          List.of(
              cli.dialect(),
              cli.command(),
              cli.args(),
              cli.newSessionArgs(),
              cli.resumeArgs(),
              cli.modelArgs(),
              cli.modelAliases(),
              cli.systemPromptArgs(),
              cli.environment(),
              cli.passEnvironment(),
              cli.home(),
              cli.tools());
    };
  }

  /** What a process is started with for the turns of an agent. */
  private static Object start(AgentSettings agent) {
    return List.of(agent.systemPrompt(), agent.workspace(), agent.tools());
  }

  private static Optional<String> ofProfile(LiveView view, Settings before, Settings after) {
    var name = view.fingerprint().getOrDefault("auth_profile", "");
    if (name.isEmpty()) {
      return Optional.empty();
    }
    var id = new AuthProfileId(name);
    var next = after.authProfile(id);
    if (next.filter(profile -> profile.enabled()).isEmpty()) {
      return Optional.of("its credential is put out of use");
    }
    boolean same =
        before
            .authProfile(id)
            .filter(
                old ->
                    old.secret().equals(next.get().secret())
                        && old.exposeAs().equals(next.get().exposeAs())
                        && old.kind() == next.get().kind())
            .isPresent();
    return same ? Optional.empty() : Optional.of("its credential changes");
  }

  private Optional<String> ofAgent(LiveView view, Settings before, Settings after) {
    var agent = view.lastTurn().flatMap(history::agentOf);
    var old = agent.flatMap(before::agent);
    var next = agent.flatMap(after::agent);
    if (old.isPresent() && next.isEmpty()) {
      return Optional.of("its agent is removed");
    }
    return !old.map(RecycledSessions::start).equals(next.map(RecycledSessions::start))
        ? Optional.of("its agent has another system prompt, workspace or rules for tools")
        : Optional.empty();
  }
}
