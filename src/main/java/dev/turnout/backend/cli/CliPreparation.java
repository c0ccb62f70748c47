package dev.turnout.backend.cli;

import dev.turnout.authprofile.AuthProfiles;
import dev.turnout.authprofile.Credential;
import dev.turnout.authprofile.CredentialLookup;
import dev.turnout.backend.AttemptRequest;
import dev.turnout.backend.AttemptResult;
import dev.turnout.failure.FailureSignal;
import dev.turnout.livesession.Belongings;
import dev.turnout.livesession.ResourceKind;
import dev.turnout.process.SubprocessSpec;
import dev.turnout.process.SubprocessSpec.Limits;
import dev.turnout.process.SubprocessSpec.Owner;
import dev.turnout.settings.BackendSettings.Cli;
import dev.turnout.turn.SessionId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a CLI's process is started with, whether it serves one attempt or many. */
final class CliPreparation {
  private final AuthProfiles authProfiles;
  private final SessionDirectories directories;
  private final McpHandout mcp;
  private final String instance;

  /**
   * For this installation.
   *
   * @param instance as in {@link Owner#instance()}
   */
  CliPreparation(
      AuthProfiles authProfiles, SessionDirectories directories, McpHandout mcp, String instance) {
    this.authProfiles = authProfiles;
    this.mcp = mcp;
    this.directories = directories;
    this.instance = instance;
  }

  /**
   * The credential of an attempt; one that names no profile uses what the CLI is logged in with.
   */
  CredentialLookup credential(Cli cli, AttemptRequest request) {
    var missing = mcp.missing(cli);
    if (missing.isPresent()) {
      return new CredentialLookup.Missing(missing.get());
    }
    return request
        .candidate()
        .authProfile()
        .map(profile -> authProfiles.credential(profile, request.profile()))
        .orElseGet(CredentialLookup.LoggedInElsewhere::new);
  }

  /**
   * A process to be started, and the id of the conversation that it was given.
   *
   * @param servers MCP servers that its agent is told of in its protocol
   */
  record Prepared(SubprocessSpec spec, String session, List<AcpServer> servers) {}

  /** Makes what the process needs, as belongings of its owner. */
  Prepared prepare(
      Cli cli, AttemptRequest request, Optional<Credential> credential, Belongings belongings)
      throws IOException {
    // The session of a probe is nobody's: nobody could look at what it puts into the line.
    var worksFor = Optional.of(request.session()).filter(session -> session.value() > 0);
    return prepare(cli, request, credential, belongings, worksFor);
  }

  /** The same for a process that is started ahead: whom it works for it gets to know later. */
  Prepared prepareAhead(
      Cli cli, AttemptRequest request, Optional<Credential> credential, Belongings belongings)
      throws IOException {
    directories.makeFor(request.session(), belongings);
    return prepare(cli, request, credential, belongings, Optional.of(request.session()));
  }

  /** Gives what was made ahead to a session, if that has nothing of its own yet. */
  void handOver(SessionId nobody, SessionId session, Belongings belongings) throws IOException {
    directories.handOver(nobody, session, belongings);
    mcp.passOn(nobody, session);
  }

  /** Where the HOME of a session that is nobody's is going to be. */
  Path homeOfNobody(SessionId nobody) {
    return directories.homeOfNobody(nobody);
  }

  /** Where it is going to work. */
  Path workOfNobody(SessionId nobody) {
    return directories.workOfNobody(nobody);
  }

  /** Whether a process of this CLI would find what it is told of. */
  boolean canBeStarted(Cli cli) {
    return mcp.canBeReached(cli);
  }

  private Prepared prepare(
      Cli cli,
      AttemptRequest request,
      Optional<Credential> credential,
      Belongings belongings,
      Optional<SessionId> worksFor)
      throws IOException {
    var files = directories.forProcess(request.session(), belongings);
    var workspace = workspace(request);
    var home = home(cli, request);
    belongings.uses(ResourceKind.HOME, home);
    var handed = mcp.hand(cli, worksFor, files, credential);
    if (cli.home().isEmpty()) {
      Dialects.prepareHome(cli, home, request.systemPrompt(), handed.inHome());
    }
    var last = new ArrayList<>(Dialects.arguments(cli, credential));
    last.addAll(handed.arguments());
    var line = CommandLine.of(cli, request, workspace, files, last);
    var environment = environment(cli, home, credential);
    environment.putAll(handed.environment());
    if (cli.tools().own().isPresent()) {
      McpHandout.keepFromProxies(environment);
    }
    environment.put("TMPDIR", files.path().toString());
    var spec =
        new SubprocessSpec(
            line.argv(),
            environment,
            workspace,
            line.stdin(),
            new Owner(instance, belongings.owner()),
            limits(cli));
    return new Prepared(spec, line.session(), handed.spoken());
  }

  /** The tools that a process has and may use, as a text that may hold secrets. */
  String tools(Cli cli) {
    return mcp.identity(cli);
  }

  static Limits limits(Cli cli) {
    return new Limits(
        cli.limits().firstOutput(),
        cli.limits().idle(),
        cli.limits().total(),
        cli.grace(),
        cli.maxOutputBytes());
  }

  /** Where a process of this attempt works; made if it is a session's own. */
  Path workspace(AttemptRequest request) throws IOException {
    return request.workspace().isPresent()
        ? request.workspace().get()
        : directories.work(request.session());
  }

  /** Its HOME; made if it is a session's own. */
  Path home(Cli cli, AttemptRequest request) throws IOException {
    return cli.home().isPresent() ? cli.home().get() : directories.home(request.session());
  }

  /** As {@link #workspace}, for those who only want to know: nothing is made. */
  Path nameOfWorkspace(AttemptRequest request) throws IOException {
    return request.workspace().isPresent()
        ? request.workspace().get()
        : directories.nameOfWork(request.session());
  }

  /** As {@link #home}, in the same way. */
  Path nameOfHome(Cli cli, AttemptRequest request) throws IOException {
    return cli.home().isPresent() ? cli.home().get() : directories.nameOfHome(request.session());
  }

  /** Built from nothing: what is not named here or in the settings, no CLI gets to see. */
  Map<String, String> environment(Cli cli, Path home, Optional<Credential> credential) {
    var environment = new HashMap<String, String>();
    environment.put("PATH", path());
    environment.put("HOME", home.toString());
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

  /** Where programs are looked for, unless the settings say. */
  static String path() {
    return System.getenv().getOrDefault("PATH", "/usr/local/bin:/usr/bin:/bin");
  }

  /**
   * Adds what only the call knows: whether the conversation can be resumed, and whether the CLI
   * lost what it had.
   */
  static AttemptResult complete(
      Cli cli,
      boolean resumable,
      AttemptRequest request,
      AttemptResult result,
      Optional<String> chosen,
      String stderr) {
    return switch (result) {
      case AttemptResult.Answered(var answer, var ref) ->
          new AttemptResult.Answered(answer, resumable ? ref.or(() -> chosen) : Optional.empty());
      case AttemptResult.Failed(FailureSignal.ProcessEnded _, _)
          when request.resume().isPresent() && Dialects.saysSessionUnknown(cli, stderr) ->
          AttemptResult.Failed.of(new FailureSignal.SessionUnknown(request.resume().get(), stderr));
      case AttemptResult.Failed(var signal, var ref) ->
          new AttemptResult.Failed(signal, resumable ? ref : Optional.empty());
      case AttemptResult.Aborted aborted -> aborted;
    };
  }
}
