package dev.turnout.backend;

import dev.turnout.settings.AuthProfileSettings;
import dev.turnout.turn.Candidate;
import dev.turnout.turn.Exchange;
import dev.turnout.turn.Outside;
import dev.turnout.turn.SessionId;
import dev.turnout.turn.TurnId;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Everything that one attempt needs.
 *
 * @param resume the backend's own id of this conversation, when it has one
 * @param history the earlier turns that this backend does not know, oldest first: all of them for
 *     one without memory, those that another backend answered in between for the others
 * @param profile the candidate's auth profile in the settings of the run, which keeps them to its
 *     end
 * @param outside who can be asked while it runs
 */
public record AttemptRequest(
    TurnId turn,
    SessionId session,
    Candidate candidate,
    String prompt,
    Optional<String> systemPrompt,
    List<Exchange> history,
    Optional<String> resume,
    Optional<Path> workspace,
    Optional<AuthProfileSettings> profile,
    Outside outside) {
  public AttemptRequest {
    history = List.copyOf(history);
  }

  /** With the auth profile as the settings have it when the attempt needs it, and nobody to ask. */
  public AttemptRequest(
      TurnId turn,
      SessionId session,
      Candidate candidate,
      String prompt,
      Optional<String> systemPrompt,
      List<Exchange> history,
      Optional<String> resume,
      Optional<Path> workspace) {
    this(
        turn,
        session,
        candidate,
        prompt,
        systemPrompt,
        history,
        resume,
        workspace,
        Optional.empty(),
        Outside.NOBODY);
  }
}
