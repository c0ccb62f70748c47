package dev.turnout.backend;

import dev.turnout.turn.Candidate;
import dev.turnout.turn.Exchange;
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
 */
public record AttemptRequest(
    TurnId turn,
    SessionId session,
    Candidate candidate,
    String prompt,
    Optional<String> systemPrompt,
    List<Exchange> history,
    Optional<String> resume,
    Optional<Path> workspace) {
  public AttemptRequest {
    history = List.copyOf(history);
  }
}
