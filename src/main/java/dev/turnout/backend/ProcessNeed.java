package dev.turnout.backend;

import dev.turnout.settings.AgentSettings;
import dev.turnout.settings.AuthProfileSettings;
import dev.turnout.settings.BackendSettings;
import dev.turnout.settings.Settings;
import dev.turnout.turn.Candidate;
import dev.turnout.turn.Outside;
import dev.turnout.turn.SessionId;
import dev.turnout.turn.TurnId;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** All that settings say of the process that answers an agent's turns. */
public record ProcessNeed(
    BackendSettings backend,
    Candidate candidate,
    Optional<String> systemPrompt,
    Optional<Path> workspace,
    Optional<AuthProfileSettings> profile) {

  /** Of this agent and this candidate; empty when there is no such backend. */
  public static Optional<ProcessNeed> of(
      Settings settings, AgentSettings agent, Candidate candidate) {
    return settings
        .backend(candidate.backend())
        .map(agent.tools()::over)
        .map(
            backend ->
                new ProcessNeed(
                    backend,
                    candidate,
                    agent.systemPrompt(),
                    agent.workspace(),
                    candidate.authProfile().flatMap(settings::authProfile)));
  }

  /** The first attempt of a conversation that would need it; asks nothing. */
  public AttemptRequest asAttempt(SessionId session) {
    return new AttemptRequest(
        new TurnId(new UUID(0, 0)),
        session,
        candidate,
        "",
        systemPrompt,
        List.of(),
        Optional.empty(),
        workspace,
        profile,
        Outside.NOBODY);
  }
}
