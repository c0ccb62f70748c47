package dev.turnout.admin;

import dev.turnout.backend.Backends;
import dev.turnout.backend.ProcessNeed;
import dev.turnout.livesession.Fingerprint;
import dev.turnout.livesession.LiveState;
import dev.turnout.livesession.LiveView;
import dev.turnout.queue.TurnHistory;
import dev.turnout.session.Sessions;
import dev.turnout.settings.AgentSettings;
import dev.turnout.settings.CurrentSettings;
import dev.turnout.turn.AgentId;
import dev.turnout.turn.AuthProfileId;
import dev.turnout.turn.Candidate;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;

/** What the database and the settings know of a living process. */
@ApplicationScoped
class LiveSessionDetails {
  private final Sessions sessions;
  private final TurnHistory turns;
  private final Backends backends;
  private final CurrentSettings settings;

  LiveSessionDetails(
      Sessions sessions, TurnHistory turns, Backends backends, CurrentSettings settings) {
    this.sessions = sessions;
    this.turns = turns;
    this.backends = backends;
    this.settings = settings;
  }

  LiveSessionBody of(LiveView view) {
    var name = name(view);
    // A session that was deleted has no next turn.
    var agent = name.flatMap(_ -> agent(view));
    return LiveSessionBody.of(view, name, agent, differs(view, agent));
  }

  /** The agent whose turn it serves, or served last. */
  Optional<AgentId> agent(LiveView view) {
    return view.lastTurn().flatMap(turns::agentOf);
  }

  private Optional<Sessions.Name> name(LiveView view) {
    return view.key().session().value() > 0
        ? sessions.name(view.key().session())
        : Optional.empty();
  }

  /** What the session's next turn would want otherwise; empty where nobody can know. */
  private Optional<List<String>> differs(LiveView view, Optional<AgentId> agent) {
    if (view.state() instanceof LiveState.Closed) {
      return Optional.empty();
    }
    var now = settings.snapshot();
    return agent
        .flatMap(now::agent)
        .flatMap(found -> ProcessNeed.of(now, found, candidate(view, found)))
        .flatMap(need -> backends.fingerprint(need, view.key().session()))
        .map(parts -> Fingerprint.of(view.fingerprint()).differences(Fingerprint.of(parts)));
  }

  /** Its own, if the agent still has that; else the agent's first of this backend. */
  private static Candidate candidate(LiveView view, AgentSettings agent) {
    var own =
        new Candidate(
            view.key().backend(),
            part(view, "model"),
            part(view, "auth_profile").map(AuthProfileId::new));
    var chain = agent.chain();
    return chain.contains(own)
        ? own
        : chain.stream()
            .filter(candidate -> candidate.backend().equals(own.backend()))
            .findFirst()
            .orElse(own);
  }

  private static Optional<String> part(LiveView view, String name) {
    return Optional.ofNullable(view.fingerprint().get(name)).filter(text -> !text.isEmpty());
  }
}
