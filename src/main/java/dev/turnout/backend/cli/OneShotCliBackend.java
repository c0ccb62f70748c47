package dev.turnout.backend.cli;

import dev.turnout.authprofile.AuthProfiles;
import dev.turnout.authprofile.Credential;
import dev.turnout.authprofile.CredentialLookup;
import dev.turnout.backend.AttemptRequest;
import dev.turnout.backend.AttemptResult;
import dev.turnout.backend.Backend;
import dev.turnout.backend.BackendRuntime;
import dev.turnout.backend.EventSink;
import dev.turnout.backend.cli.SessionDirectories.AttemptDirectory;
import dev.turnout.failure.FailureSignal;
import dev.turnout.failure.FailureSignal.TimedOut.Limit;
import dev.turnout.process.ExitStatus;
import dev.turnout.process.OutputListener;
import dev.turnout.process.RunOutcome;
import dev.turnout.process.SubprocessSpec;
import dev.turnout.process.SubprocessSpec.Limits;
import dev.turnout.process.SubprocessSpec.Owner;
import dev.turnout.process.Subprocesses;
import dev.turnout.settings.BackendSettings.Cli;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A CLI that is started for each attempt and is gone, with all that it forked, when it is over. */
final class OneShotCliBackend implements Backend {
  private final Cli cli;
  private final AuthProfiles authProfiles;
  private final SessionDirectories directories;
  private final Subprocesses subprocesses;
  private final String instance;

  OneShotCliBackend(
      Cli cli,
      AuthProfiles authProfiles,
      SessionDirectories directories,
      Subprocesses subprocesses,
      String instance) {
    this.cli = cli;
    this.authProfiles = authProfiles;
    this.directories = directories;
    this.subprocesses = subprocesses;
    this.instance = instance;
  }

  @Override
  public BackendRuntime runtime() {
    return BackendRuntime.CLI;
  }

  @Override
  public AttemptResult attempt(AttemptRequest request, EventSink sink) {
    var credential = Optional.<Credential>empty();
    if (request.candidate().authProfile().isPresent()) {
      switch (authProfiles.credential(request.candidate().authProfile().get(), request.profile())) {
        case CredentialLookup.Found(var found) -> credential = Optional.of(found);
        case CredentialLookup.LoggedInElsewhere() -> {}
        case CredentialLookup.Missing(var why) -> {
          return AttemptResult.Failed.of(new FailureSignal.ConfigMissing(why));
        }
      }
    }
    try (var files = directories.forAttempt(request.session(), request.turn())) {
      var reader = Dialects.reader(cli, request.resume().filter(_ -> !cli.resumeArgs().isEmpty()));
      var command = prepare(request, credential, files);
      var outcome = subprocesses.run(command.spec, listener(reader, sink));
      return result(outcome, reader, request, command);
    } catch (IOException e) {
      return AttemptResult.Failed.of(
          new FailureSignal.SpawnFailed(
              cli.command(), "its directories cannot be made: " + e.getMessage()));
    }
  }

  private record Command(SubprocessSpec spec, String session) {}

  private Command prepare(
      AttemptRequest request, Optional<Credential> credential, AttemptDirectory files)
      throws IOException {
    var workspace =
        request.workspace().isPresent()
            ? request.workspace().get()
            : directories.work(request.session());
    var home = cli.home().isPresent() ? cli.home().get() : directories.home(request.session());
    if (cli.home().isEmpty()) {
      Dialects.prepareHome(cli, home, request.systemPrompt());
    }
    var line = CommandLine.of(cli, request, workspace, files, Dialects.arguments(cli, credential));
    var spec =
        new SubprocessSpec(
            line.argv(),
            environment(home, files.path(), credential),
            workspace,
            line.stdin(),
            new Owner(instance, "turn-" + request.turn()),
            new Limits(
                cli.limits().firstOutput(),
                cli.limits().idle(),
                cli.limits().total(),
                cli.grace(),
                cli.maxOutputBytes()));
    return new Command(spec, line.session());
  }

  /** Built from nothing: what is not named here or in the settings, no CLI gets to see. */
  private Map<String, String> environment(
      Path home, Path temporary, Optional<Credential> credential) {
    var environment = new HashMap<String, String>();
    environment.put("PATH", System.getenv().getOrDefault("PATH", "/usr/local/bin:/usr/bin:/bin"));
    environment.put("HOME", home.toString());
    environment.put("TMPDIR", temporary.toString());
    environment.put("LANG", "C.UTF-8");
    for (var name : cli.passEnvironment()) {
      var value = System.getenv(name);
      if (value != null) {
        environment.put(name, value);
      }
    }
    environment.putAll(Dialects.environment(cli));
    environment.putAll(cli.environment());
    credential.ifPresent(secret -> environment.put(secret.variable(), secret.value()));
    return environment;
  }

  private OutputListener listener(OutputReader reader, EventSink sink) {
    return new OutputListener() {
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
      RunOutcome outcome, OutputReader reader, AttemptRequest request, Command command) {
    return switch (outcome) {
      case RunOutcome.NotStarted(var message) ->
          AttemptResult.Failed.of(new FailureSignal.SpawnFailed(cli.command(), message));
      case RunOutcome.Ended(var status, var stderr) ->
          ended(reader.end(status, stderr), request, command, stderr);
      case RunOutcome.Stopped() -> reader.end(new ExitStatus.Exited(0), "");
      case RunOutcome.WentSilent(_) -> timedOut(Limit.IDLE, cli.limits().idle());
      case RunOutcome.TimedOut(var limit, var after, _) ->
          timedOut(
              switch (limit) {
                case FIRST_OUTPUT -> Limit.FIRST_OUTPUT;
                case IDLE -> reader.heardOfModel() ? Limit.IDLE : Limit.FIRST_OUTPUT;
                case TOTAL -> Limit.TOTAL;
              },
              after);
      case RunOutcome.Flooded(var limit) ->
          AttemptResult.Failed.of(new FailureSignal.TooMuchOutput(limit));
      case RunOutcome.Interrupted() -> new AttemptResult.Aborted();
    };
  }

  private static AttemptResult timedOut(Limit limit, Duration after) {
    return AttemptResult.Failed.of(new FailureSignal.TimedOut(limit, after));
  }

  /** Adds what only the call knows: the session id that we chose, and whether it was lost. */
  private AttemptResult ended(
      AttemptResult result, AttemptRequest request, Command command, String stderr) {
    boolean resumable = !cli.resumeArgs().isEmpty();
    return switch (result) {
      case AttemptResult.Answered(var answer, var ref) ->
          new AttemptResult.Answered(
              answer, resumable ? ref.or(() -> chosen(command)) : Optional.empty());
      case AttemptResult.Failed(FailureSignal.ProcessEnded _, _)
          when request.resume().isPresent() && Dialects.saysSessionUnknown(cli, stderr) ->
          AttemptResult.Failed.of(new FailureSignal.SessionUnknown(request.resume().get(), stderr));
      case AttemptResult.Failed(var signal, var ref) ->
          new AttemptResult.Failed(signal, resumable ? ref : Optional.empty());
      case AttemptResult.Aborted aborted -> aborted;
    };
  }

  /** Our own id counts when we handed it over; else only what the CLI said. */
  private Optional<String> chosen(Command command) {
    boolean handedOver =
        cli.newSessionArgs().stream().anyMatch(argument -> argument.contains("{session}"));
    return handedOver ? Optional.of(command.session) : Optional.empty();
  }
}
