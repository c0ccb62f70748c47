package dev.turnout.intake;

import dev.turnout.queue.AdmissionResult;
import dev.turnout.queue.NewTurn;
import dev.turnout.queue.TurnHistory;
import dev.turnout.queue.TurnQueue;
import dev.turnout.session.Sessions;
import dev.turnout.settings.ChoiceCheck;
import dev.turnout.settings.CurrentSettings;
import dev.turnout.settings.QueueSettings;
import dev.turnout.settings.Settings;
import dev.turnout.turn.AgentId;
import dev.turnout.turn.BusyMode;
import dev.turnout.turn.LaneId;
import dev.turnout.turn.RouteChoice;
import dev.turnout.turn.TurnId;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Optional;

/** Accepts or refuses a turn. Everything is checked before anything is written. */
@ApplicationScoped
public class TurnIntake {
  /** The lane of a turn that names none. */
  private static final LaneId USER = new LaneId("user");

  private final Sessions sessions;
  private final TurnQueue queue;
  private final TurnHistory history;
  private final CurrentSettings settings;
  private final TurnIds ids;
  private final Clock clock;

  TurnIntake(
      Sessions sessions,
      TurnQueue queue,
      TurnHistory history,
      CurrentSettings settings,
      TurnIds ids,
      Clock clock) {
    this.sessions = sessions;
    this.queue = queue;
    this.history = history;
    this.settings = settings;
    this.ids = ids;
    this.clock = clock;
  }

  /**
   * Accepts a turn, or says why not. An accepted turn is on disk when this returns.
   *
   * @throws dev.turnout.turn.StoreUnavailable when the database does not answer
   */
  public IntakeResult submit(Submission submission) throws InterruptedException {
    var current = settingsFor(submission);
    var flaw = flaw(submission, current);
    if (flaw.isPresent()) {
      // A repeat is answered as before, even where its time is over or its agent is gone by now.
      return earlier(submission).filter(IntakeResult.Replayed.class::isInstance).orElse(flaw.get());
    }
    // Each further round means that somebody deleted a session in between, so there is an end.
    while (true) {
      var result = submit(submission, current);
      if (result.isPresent()) {
        return result.get();
      }
    }
  }

  /** What it names may have been configured on another replica a moment ago. */
  private Settings settingsFor(Submission submission) {
    var known = settings.snapshot();
    boolean named =
        submission.agent().filter(agent -> known.agent(agent).isEmpty()).isPresent()
            || submission.lane().filter(lane -> !known.lanes().containsKey(lane)).isPresent();
    return named ? settings.latest() : known;
  }

  /** One try; empty when the session was deleted meanwhile. */
  private Optional<IntakeResult> submit(Submission submission, Settings current)
      throws InterruptedException {
    if (!sessions.isKnown(submission.tenant(), submission.session())) {
      // Before the session is opened: a request that is refused opens none.
      var earlier = earlier(submission);
      if (earlier.isPresent()) {
        return earlier;
      }
    }
    var pins = sessions.pins(submission.tenant(), submission.session());
    var agent = submission.agent().orElseGet(() -> agentOf(pins, current));
    var choice = submission.choice().orProfile(pins.authProfile());
    var line = current.queueOf(agent);
    var flaw =
        sizeFlaw(submission, line.maxInputBytes())
            .or(
                () ->
                    current
                        .agent(agent)
                        .flatMap(settings -> ChoiceCheck.flaw(choice, settings, current))
                        .map(f -> new IntakeResult.Invalid(f.field(), f.why())));
    if (flaw.isPresent()) {
      // A repeat of what was accepted before is answered as then.
      return Optional.of(
          earlier(submission).filter(IntakeResult.Replayed.class::isInstance).orElseGet(flaw::get));
    }
    var turn = newTurn(submission, agent, choice, line);
    return switch (queue.admit(turn)) {
      case AdmissionResult.Admitted how -> {
        if (turn.mode() == BusyMode.INTERRUPT || turn.mode() == BusyMode.STEER) {
          queue.runsWereSignalled();
        }
        yield Optional.of(
            history
                .accepted(submission.tenant(), submission.session(), turn, how)
                .<IntakeResult>map(IntakeResult.Accepted::new)
                .orElseGet(IntakeResult.Deleted::new));
      }
      case AdmissionResult.Replayed(var id) -> replay(submission, id);
      case AdmissionResult.KeyReused(var id) -> Optional.of(new IntakeResult.KeyReused(id));
      case AdmissionResult.Busy() -> Optional.of(new IntakeResult.Busy());
      case AdmissionResult.Full(var cap) -> Optional.of(new IntakeResult.Full(cap));
      case AdmissionResult.NoSession() -> {
        sessions.forget(submission.tenant(), submission.session(), turn.session());
        yield Optional.empty();
      }
    };
  }

  /** What was accepted under the submission's key before. */
  private Optional<IntakeResult> earlier(Submission submission) {
    return key(submission)
        .flatMap(history::underKey)
        .flatMap(
            result ->
                switch (result) {
                  case AdmissionResult.Replayed(var id) -> replay(submission, id);
                  case AdmissionResult.KeyReused(var id) ->
                      Optional.of(new IntakeResult.KeyReused(id));
                });
  }

  /** Empty when the turn was deleted in this moment, and its key with it. */
  private Optional<IntakeResult> replay(Submission submission, TurnId id) {
    return history.find(submission.tenant(), id).map(IntakeResult.Replayed::new);
  }

  private static Optional<NewTurn.IdempotencyKey> key(Submission submission) {
    return submission
        .idempotency()
        .map(
            idempotency ->
                new NewTurn.IdempotencyKey(
                    submission.tenant(), idempotency.key(), idempotency.fingerprint()));
  }

  private Optional<IntakeResult> flaw(Submission submission, Settings current) {
    if (submission.input().isBlank()) {
      return invalid("/input/text", "must not be blank");
    }
    if (submission.input().indexOf('\0') >= 0) {
      return invalid("/input/text", "must not contain the NUL character");
    }
    if (!isWellFormed(submission.input())) {
      return invalid("/input/text", "must not contain half of a surrogate pair");
    }
    if (submission.metadata().contains("\\u0000") || !isWellFormed(submission.metadata())) {
      return invalid("/metadata", "must not contain NUL or half of a surrogate pair");
    }
    var lane = submission.lane().orElse(USER);
    if (!current.lanes().containsKey(lane)) {
      return invalid(
          "/lane",
          "must be one of "
              + current.lanes().keySet().stream()
                  .sorted(java.util.Comparator.comparing(LaneId::value))
                  .toList());
    }
    if (submission.agent().isPresent() && current.agent(submission.agent().get()).isEmpty()) {
      return invalid("/agent", "is not a configured agent");
    }
    return timeFlaw(submission);
  }

  private static Optional<IntakeResult> sizeFlaw(Submission submission, int limit) {
    // Characters first: a text of many times the limit is not encoded only to be measured.
    return submission.input().length() > limit
            || submission.input().getBytes(StandardCharsets.UTF_8).length > limit
        ? invalid("/input/text", "must not be longer than " + limit + " bytes in UTF-8")
        : Optional.empty();
  }

  private Optional<IntakeResult> timeFlaw(Submission submission) {
    var expires = submission.expiresAt();
    if (expires.isPresent() && !expires.get().isAfter(clock.instant())) {
      return invalid("/expiresAt", "must be in the future");
    }
    if (expires.isPresent()
        && submission.notBefore().isPresent()
        && !expires.get().isAfter(submission.notBefore().get())) {
      return invalid("/expiresAt", "must be after notBefore");
    }
    return Optional.empty();
  }

  private static Optional<IntakeResult> invalid(String field, String why) {
    return Optional.of(new IntakeResult.Invalid(field, why));
  }

  private static boolean isWellFormed(String text) {
    return StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }

  /** A session may have an agent of its own; else the default one answers. */
  private static AgentId agentOf(Sessions.Pins pins, Settings current) {
    return pins.agent().filter(id -> current.agent(id).isPresent()).orElse(current.defaultAgent());
  }

  private NewTurn newTurn(
      Submission submission, AgentId agent, RouteChoice choice, QueueSettings line) {
    var now = clock.instant();
    return new NewTurn(
        ids.next(),
        sessions.open(submission.tenant(), submission.session()),
        agent,
        choice,
        submission.lane().orElse(USER),
        submission.priority(),
        submission.recovery(),
        submission.mode().orElse(line.busyMode()),
        submission.input(),
        submission.metadata(),
        submission.notBefore().filter(time -> time.isAfter(now)),
        submission.expiresAt(),
        line.sessionCap(),
        key(submission));
  }
}
