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
import dev.turnout.livesession.OwnerLedger;
import dev.turnout.process.ExitStatus;
import dev.turnout.process.OutputListener;
import dev.turnout.process.ProcessStamp;
import dev.turnout.process.RunOutcome;
import dev.turnout.process.Subprocesses;
import dev.turnout.settings.BackendSettings.Cli;
import dev.turnout.turn.SteerRefusal;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A CLI that is started for each attempt and is gone, with all that it forked, when it is over. */
final class OneShotCliBackend implements Backend {
  private static final System.Logger LOG = System.getLogger(OneShotCliBackend.class.getName());

  private final Cli cli;
  private final CliPreparation preparation;
  private final OwnerLedger ledger;
  private final Subprocesses subprocesses;

  OneShotCliBackend(
      Cli cli, CliPreparation preparation, OwnerLedger ledger, Subprocesses subprocesses) {
    this.cli = cli;
    this.preparation = preparation;
    this.ledger = ledger;
    this.subprocesses = subprocesses;
  }

  @Override
  public BackendRuntime runtime() {
    return BackendRuntime.CLI;
  }

  @Override
  public AttemptResult attempt(AttemptRequest request, EventSink sink) {
    request.outside().isDeaf(SteerRefusal.NO_LIVING_PROCESS);
    return switch (preparation.credential(cli, request)) {
      case CredentialLookup.Found(var found) -> run(request, Optional.of(found), sink);
      case CredentialLookup.LoggedInElsewhere() -> run(request, Optional.empty(), sink);
      case CredentialLookup.Missing(var why) ->
          AttemptResult.Failed.of(new FailureSignal.ConfigMissing(why));
    };
  }

  private AttemptResult run(
      AttemptRequest request, Optional<Credential> credential, EventSink sink) {
    try (var belongings = ledger.open("turn")) {
      var reader = Dialects.reader(cli, request.resume().filter(_ -> !cli.resumeArgs().isEmpty()));
      var command = preparation.prepare(cli, request, credential, belongings);
      var outcome = subprocesses.run(command.spec(), listener(reader, sink, belongings));
      return Discretion.without(credential, result(outcome, reader, request, command));
    } catch (IOException e) {
      return AttemptResult.Failed.of(
          new FailureSignal.SpawnFailed(
              cli.command(), "its directories cannot be made: " + e.getMessage()));
    }
  }

  private OutputListener listener(OutputReader reader, EventSink sink, Belongings belongings) {
    return new OutputListener() {
      @Override
      public void started(ProcessStamp process) {
        try {
          belongings.processes(List.of(process));
        } catch (IOException e) {
          // The disk is full, say. Its mark finds it all the same; the attempt goes on.
          LOG.log(Level.WARNING, "a process is not written down: {0}", e.getMessage());
        }
      }

      @Override
      public boolean line(String line) {
        return reader.line(line, sink);
      }

      @Override
      public void piece(String text) {
        reader.piece(text, sink);
      }

      @Override
      public boolean begun() {
        return reader.heardOfModel() || !Dialects.showsTheModelsBeginning(cli);
      }
    };
  }

  private AttemptResult result(
      RunOutcome outcome,
      OutputReader reader,
      AttemptRequest request,
      CliPreparation.Prepared command) {
    return switch (outcome) {
      case RunOutcome.NotStarted(var message) ->
          AttemptResult.Failed.of(new FailureSignal.SpawnFailed(cli.command(), message));
      case RunOutcome.Ended(var status, var stderr) ->
          CliPreparation.complete(
              cli,
              !cli.resumeArgs().isEmpty(),
              request,
              reader.end(status, stderr),
              chosen(command),
              stderr);
      case RunOutcome.Stopped() -> reader.end(new ExitStatus.Exited(0), "");
      case RunOutcome.WentSilent(var stderr) -> timedOut(Limit.IDLE, cli.limits().idle(), stderr);
      case RunOutcome.TimedOut(var limit, var after, var stderr) ->
          timedOut(
              switch (limit) {
                case FIRST_OUTPUT -> Limit.FIRST_OUTPUT;
                case IDLE -> reader.heardOfModel() ? Limit.IDLE : Limit.FIRST_OUTPUT;
                case TOTAL -> Limit.TOTAL;
              },
              after,
              stderr);
      case RunOutcome.Flooded(var limit) ->
          AttemptResult.Failed.of(new FailureSignal.TooMuchOutput(limit));
      case RunOutcome.Interrupted() -> new AttemptResult.Aborted();
    };
  }

  private static AttemptResult timedOut(Limit limit, Duration after, String stderr) {
    return AttemptResult.Failed.of(new FailureSignal.TimedOut(limit, after, stderr));
  }

  /** Our own id counts when we handed it over; else only what the CLI said. */
  private Optional<String> chosen(CliPreparation.Prepared command) {
    boolean handedOver =
        cli.newSessionArgs().stream().anyMatch(argument -> argument.contains("{session}"));
    return handedOver ? Optional.of(command.session()) : Optional.empty();
  }
}
