package dev.turnout.backend.cli;

import dev.turnout.authprofile.Credential;
import dev.turnout.authprofile.CredentialLookup;
import dev.turnout.backend.AttemptRequest;
import dev.turnout.backend.AttemptResult;
import dev.turnout.backend.Backend;
import dev.turnout.backend.BackendRuntime;
import dev.turnout.backend.EventSink;
import dev.turnout.failure.FailureSignal;
import dev.turnout.failure.FailureSignal.TimedOut.Limit;
import dev.turnout.livesession.Belongings;
import dev.turnout.livesession.CloseReason;
import dev.turnout.livesession.Fingerprint;
import dev.turnout.livesession.LiveKey;
import dev.turnout.livesession.LiveLaunch;
import dev.turnout.livesession.LiveRequest;
import dev.turnout.livesession.LiveSessions;
import dev.turnout.livesession.LiveTurnOutcome;
import dev.turnout.process.ExitStatus;
import dev.turnout.process.RunOutcome;
import dev.turnout.settings.BackendSettings.Cli;
import dev.turnout.turn.SteerRefusal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * A CLI whose process lives on between the turns of a session. When there is no room for one more
 * the turn gets a process of its own.
 */
final class LiveCliBackend implements Backend {
  private final Cli cli;
  private final LiveDialect dialect;
  private final CliPreparation preparation;
  private final LiveSessions sessions;
  private final ProcessFingerprint fingerprint;

  /** Absent for one whose every process is gone after its turn. */
  private final Optional<Backend> oneShot;

  /**
   * For these settings.
   *
   * @param oneShot the same CLI, started for each attempt; empty when this is that
   */
  LiveCliBackend(
      Cli cli,
      LiveDialect dialect,
      CliPreparation preparation,
      LiveSessions sessions,
      Optional<Backend> oneShot) {
    this.cli = dialect.living().apply(cli);
    this.dialect = dialect;
    this.preparation = preparation;
    this.fingerprint = new ProcessFingerprint(preparation, this.cli);
    this.sessions = sessions;
    this.oneShot = oneShot;
  }

  @Override
  public BackendRuntime runtime() {
    return BackendRuntime.CLI;
  }

  @Override
  public AttemptResult attempt(AttemptRequest request, EventSink sink) {
    var key = new LiveKey(cli.id(), request.session());
    if (!cli.live().enabled() && oneShot.isPresent()) {
      // It knows the conversation up to now: two that continue it would each know half.
      sessions.close(key, CloseReason.SWITCHED_OFF);
      return oneShot.get().attempt(request, sink);
    }
    return switch (preparation.credential(cli, request)) {
      case CredentialLookup.Found(var found) -> turn(key, request, Optional.of(found), sink);
      case CredentialLookup.LoggedInElsewhere() -> turn(key, request, Optional.empty(), sink);
      case CredentialLookup.Missing(var why) ->
          AttemptResult.Failed.of(new FailureSignal.ConfigMissing(why));
    };
  }

  private AttemptResult turn(
      LiveKey key, AttemptRequest request, Optional<Credential> credential, EventSink sink) {
    Fingerprint needed;
    Path workspace;
    adopt(key, request, credential);
    try {
      workspace = preparation.workspace(request);
      needed = fingerprint.of(request, credential, workspace, preparation.home(cli, request));
    } catch (IOException e) {
      return AttemptResult.Failed.of(
          new FailureSignal.SpawnFailed(
              cli.command(), "its directories cannot be made: " + e.getMessage()));
    }
    var stderr = new StringBuilder();
    var speech = dialect.opening().speech(cli, request, workspace, oneShot.isPresent());
    var permissions =
        new AgentPermissions(
            cli.tools(), request.outside(), text -> Discretion.without(credential, text));
    var steering =
        new Steering(speech.lines(), request.outside(), text -> InertText.of(cli.dialect(), text));
    var exchange = exchange(speech, request, sink, permissions, steering, stderr);
    var asked =
        new LiveRequest(
            key,
            request.turn(),
            needed,
            request.resume(),
            cli.live(),
            CliPreparation.limits(cli),
            belongings -> launch(request, credential, speech.lines(), belongings));
    LiveTurnOutcome outcome;
    if (LiveDialect.canSteer(cli)) {
      request.outside().hears(true);
    } else {
      request.outside().isDeaf(SteerRefusal.NOT_SUPPORTED);
    }
    try {
      outcome =
          oneShot.isPresent() ? sessions.turn(asked, exchange) : sessions.alone(asked, exchange);
    } finally {
      exchange.over();
      if (exchange.isOutOfStep()) {
        sessions.close(key, CloseReason.OUT_OF_STEP);
      }
    }
    return Discretion.without(
        credential,
        result(outcome, exchange, stderr, () -> oneShot.orElseThrow().attempt(request, sink)));
  }

  /** Before anything of the session is made: with places of its own it can have no others. */
  private void adopt(LiveKey key, AttemptRequest request, Optional<Credential> credential) {
    boolean begins = request.resume().isEmpty() && request.session().value() > 0;
    if (begins && cli.live().warm() > 0 && oneShot.isPresent()) {
      boolean _ = sessions.adopt(key, fingerprint.ahead(request, credential));
    }
  }

  private ReaderExchange exchange(
      LiveDialect.Speech speech,
      AttemptRequest request,
      EventSink sink,
      AgentPermissions permissions,
      Steering steering,
      StringBuilder stderr) {
    boolean resumable = dialect.resumesByWord() || !cli.resumeArgs().isEmpty();
    return new ReaderExchange(
        speech.lines(),
        speech.reader(),
        sink,
        dialect.prompt(cli, request),
        Dialects.showsTheModelsBeginning(cli),
        permissions,
        steering,
        result ->
            CliPreparation.complete(
                cli, resumable, request, result, Optional.empty(), stderr.toString()));
  }

  private LiveLaunch launch(
      AttemptRequest request,
      Optional<Credential> credential,
      LiveLines lines,
      Belongings belongings)
      throws IOException {
    var all = preparation.prepare(cli, request, credential, belongings);
    var prepared = all.spec();
    lines.serves(all.servers());
    // The prompt is said once the process is ready, and in the words of its protocol.
    var spec = prepared.silent();
    return new LiveLaunch(spec, lines.greeting(), ShownArguments.of(spec.argv()));
  }

  /** An attempt in another way. */
  private interface OtherWay {
    AttemptResult attempt();
  }

  private AttemptResult result(
      LiveTurnOutcome outcome, ReaderExchange exchange, StringBuilder stderr, OtherWay oneShot) {
    return switch (outcome) {
      case LiveTurnOutcome.Ended(), LiveTurnOutcome.Refused() ->
          exchange.end(new ExitStatus.Exited(0), "");
      case LiveTurnOutcome.Died(var status, var tail) -> {
        stderr.append(tail);
        yield died(status, tail, exchange);
      }
      case LiveTurnOutcome.TimedOut(var limit, var after, var tail) ->
          timedOut(limit, after, exchange.heardOfModel(), tail);
      case LiveTurnOutcome.Flooded(var limit) ->
          AttemptResult.Failed.of(new FailureSignal.TooMuchOutput(limit));
      case LiveTurnOutcome.Interrupted() -> new AttemptResult.Aborted();
      case LiveTurnOutcome.NotStarted(var message) ->
          AttemptResult.Failed.of(new FailureSignal.SpawnFailed(cli.command(), message));
      case LiveTurnOutcome.NoRoom() -> oneShot.attempt();
      case LiveTurnOutcome.StillBusy(var turn) ->
          AttemptResult.Failed.of(
              new FailureSignal.Unexpected("turn " + turn + " of this session would not end"));
      case LiveTurnOutcome.ClosedUnder(var why) when why == CloseReason.STUCK ->
          timedOut(RunOutcome.TimedOut.Limit.TOTAL, cli.limits().total(), true, "");
      case LiveTurnOutcome.ClosedUnder(var why) ->
          AttemptResult.Failed.of(
              new FailureSignal.ProcessEnded(
                  143, Optional.of(15), "Turnout ended the process: " + why.code()));
    };
  }

  private static AttemptResult died(
      Optional<ExitStatus> status, String stderr, ReaderExchange exchange) {
    if (status.isEmpty()) {
      return AttemptResult.Failed.of(
          new FailureSignal.ProtocolBroken("it closed its stdout in the middle of a turn"));
    }
    var result = exchange.end(status.get(), stderr);
    // With an answer it would have lived on: an end with code 0 is no better than another.
    boolean quietly = status.get().equals(new ExitStatus.Exited(0));
    return switch (result) {
      case AttemptResult.Failed(FailureSignal.AnsweredNothing _, var ref) when quietly ->
          new AttemptResult.Failed(
              new FailureSignal.ProcessEnded(0, Optional.empty(), stderr), ref);
      case AttemptResult.Answered(_, var ref) ->
          new AttemptResult.Failed(
              new FailureSignal.ProcessEnded(status.get().shellCode(), Optional.empty(), stderr),
              ref);
      case AttemptResult.Failed _, AttemptResult.Aborted _ -> result;
    };
  }

  private static AttemptResult timedOut(
      RunOutcome.TimedOut.Limit limit, Duration after, boolean heardOfModel, String stderr) {
    var named =
        switch (limit) {
          case FIRST_OUTPUT -> Limit.FIRST_OUTPUT;
          case IDLE -> heardOfModel ? Limit.IDLE : Limit.FIRST_OUTPUT;
          case TOTAL -> Limit.TOTAL;
        };
    return AttemptResult.Failed.of(new FailureSignal.TimedOut(named, after, stderr));
  }
}
