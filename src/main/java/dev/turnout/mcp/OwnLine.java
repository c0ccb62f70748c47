package dev.turnout.mcp;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.grant.AgentGrant;
import dev.turnout.intake.IntakeResult;
import dev.turnout.intake.Submission;
import dev.turnout.intake.TurnIntake;
import dev.turnout.queue.TurnHistory;
import dev.turnout.queue.TurnView;
import dev.turnout.session.Sessions;
import dev.turnout.turn.BusyMode;
import dev.turnout.turn.TurnState;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

/** The line of the session that an agent works for, as that agent may use it. */
@ApplicationScoped
class OwnLine {
  /** What an agent is told whose session is gone. */
  static final String DELETED = "This conversation was deleted.";

  /** In the metadata of a turn that an agent has put into the line: by which turn it was. */
  static final String ENQUEUED_BY = "turnout.enqueued-by";

  /** Beside it: the place in the chain of such turns, from 1. */
  static final String CHAIN = "turnout.chain";

  /** More than the turns that a session may have open by default. */
  private static final int SEEN = 500;

  /** A year: who means more has mistaken the unit. */
  private static final Duration FARTHEST = Duration.ofDays(366);

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Sessions sessions;
  private final TurnHistory history;
  private final TurnIntake intake;
  private final Clock clock;

  OwnLine(Sessions sessions, TurnHistory history, TurnIntake intake, Clock clock) {
    this.sessions = sessions;
    this.history = history;
    this.intake = intake;
    this.clock = clock;
  }

  /** What became of a wish for a turn. */
  sealed interface EnqueueResult {
    record Enqueued(TurnView turn) implements EnqueueResult {}

    /** In words for a model, which may try something else. */
    record Refused(String why) implements EnqueueResult {}
  }

  /** The turns of a session that have not ended, the newest first. */
  List<TurnView> open(Sessions.Name name) {
    return history.ofSession(name.tenant(), name.key(), Optional.empty(), SEEN).stream()
        .filter(turn -> turn.state() == TurnState.RUNNING || turn.state() == TurnState.QUEUED)
        .toList();
  }

  /** How many turns of agents led to this one. */
  static int chain(TurnView turn) {
    var chain = metadata(turn).path(CHAIN).asText("0");
    try {
      return Integer.parseInt(chain);
    } catch (NumberFormatException e) {
      // Only a caller of the API can have written that; it counts as the beginning.
      return 0;
    }
  }

  /** Puts a turn into the line of the grant's session, on behalf of the turn that runs there. */
  EnqueueResult enqueue(AgentGrant grant, String text, Optional<String> notBefore)
      throws InterruptedException {
    var name = sessions.name(grant.session());
    if (name.isEmpty()) {
      return new EnqueueResult.Refused(DELETED);
    }
    var running =
        open(name.get()).stream().filter(turn -> turn.state() == TurnState.RUNNING).findFirst();
    if (running.isEmpty()) {
      // Something that was left running between turns has no turn to answer for it.
      return new EnqueueResult.Refused("No turn of this conversation is running.");
    }
    var now = clock.instant();
    var time = notBefore.map(String::strip).filter(word -> !word.isEmpty());
    var at = time.flatMap(word -> instant(word, now));
    if (time.isPresent() && at.isEmpty()) {
      return new EnqueueResult.Refused(
          "notBefore must be a time such as 2030-01-31T09:00:00Z, or a span such as PT30M, within"
              + " a year.");
    }
    int chain = chain(running.get()) + 1;
    if (chain > grant.limits().maxChain()) {
      return new EnqueueResult.Refused(
          "The turns that you put into the queue by yourself may be %d in a row; a person has to"
                  .formatted(grant.limits().maxChain())
              + " go on from here.");
    }
    if (!grant.takeFollowup(running.get().id())) {
      return new EnqueueResult.Refused(
          "One turn may put %d turns into the queue.".formatted(grant.limits().maxFollowups()));
    }
    return told(intake.submit(submission(name.get(), running.get(), text, at, chain)));
  }

  /** Like the turn that asks for it: same agent, same choices, same lane. */
  private static Submission submission(
      Sessions.Name name, TurnView running, String text, Optional<Instant> at, int chain) {
    var metadata = metadata(running);
    metadata.put(ENQUEUED_BY, running.id().toString());
    metadata.put(CHAIN, Integer.toString(chain));
    return new Submission(
        name.tenant(),
        name.key(),
        text,
        Optional.of(running.agent()),
        Optional.of(BusyMode.FOLLOWUP),
        Optional.of(running.lane()),
        running.priority(),
        running.recovery(),
        running.choice(),
        at,
        Optional.empty(),
        metadata.toString(),
        Optional.empty());
  }

  private static EnqueueResult told(IntakeResult result) {
    return switch (result) {
      case IntakeResult.Accepted(var turn) -> new EnqueueResult.Enqueued(turn);
      case IntakeResult.Replayed(var turn) -> new EnqueueResult.Enqueued(turn);
      case IntakeResult.Full(var cap) ->
          new EnqueueResult.Refused("The queue is full: %d turns are open.".formatted(cap));
      case IntakeResult.Invalid(var field, var why) ->
          new EnqueueResult.Refused(field.substring(field.lastIndexOf('/') + 1) + " " + why + ".");
      case IntakeResult.Deleted() -> new EnqueueResult.Refused(DELETED);
      case IntakeResult.Busy(), IntakeResult.KeyReused _ ->
          throw new IllegalStateException("a follow-up without a key is never " + result);
    };
  }

  private static ObjectNode metadata(TurnView turn) {
    try {
      return JSON.readTree(turn.metadata()) instanceof ObjectNode object
          ? object
          : JSON.createObjectNode();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the database holds JSON there", e);
    }
  }

  private static Optional<Instant> instant(String text, Instant now) {
    try {
      var at =
          text.startsWith("P")
              ? now.plus(Duration.parse(text))
              : OffsetDateTime.parse(text).toInstant();
      return Optional.of(at).filter(time -> time.isBefore(now.plus(FARTHEST)));
    } catch (DateTimeException | ArithmeticException e) {
      return Optional.empty();
    }
  }
}
