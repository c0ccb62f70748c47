package dev.turnout.backend.cli;

import static java.util.stream.Collectors.toMap;

import dev.turnout.authprofile.AuthProfiles;
import dev.turnout.backend.Backend;
import dev.turnout.backend.BackendProvider;
import dev.turnout.backend.ProcessNeed;
import dev.turnout.grant.AgentDoor;
import dev.turnout.grant.AgentGrants;
import dev.turnout.livesession.CloseReason;
import dev.turnout.livesession.Fingerprint;
import dev.turnout.livesession.LiveSessions;
import dev.turnout.livesession.OwnerLedger;
import dev.turnout.livesession.WarmOrder;
import dev.turnout.process.Subprocesses;
import dev.turnout.settings.BackendSettings;
import dev.turnout.settings.BackendSettings.Cli;
import dev.turnout.settings.BackendSettings.CliDialect;
import dev.turnout.turn.SessionId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Opens CLI backends. */
@ApplicationScoped
public class CliBackendProvider implements BackendProvider {
  private final SessionDirectories directories;
  private final DemoProgram demo;
  private final CliPreparation preparation;
  private final OwnerLedger ledger;
  private final LiveSessions sessions;
  private final AgentDoor door;
  private final Subprocesses subprocesses = new Subprocesses();

  @Inject
  public CliBackendProvider(
      AuthProfiles authProfiles,
      OwnerLedger ledger,
      LiveSessions sessions,
      AgentGrants grants,
      AgentDoor door,
      @ConfigProperty(name = "turnout.data-dir") String dataDirectory) {
    var data = Path.of(dataDirectory).toAbsolutePath().normalize();
    this.directories = new SessionDirectories(data);
    this.demo = new DemoProgram(data);
    this.preparation =
        new CliPreparation(
            authProfiles, directories, new McpHandout(authProfiles, grants, door), data.toString());
    this.ledger = ledger;
    this.sessions = sessions;
    this.door = door;
  }

  /** For callers outside the container, whose agents have none of Turnout's own tools. */
  public CliBackendProvider(
      AuthProfiles authProfiles, OwnerLedger ledger, LiveSessions sessions, String dataDirectory) {
    this(authProfiles, ledger, sessions, new AgentGrants(), Optional::empty, dataDirectory);
  }

  @Override
  public Optional<Backend> open(BackendSettings settings) {
    return switch (settings) {
      case Cli cli -> Optional.of(patient(cli, open(demo.complete(cli))));
      case BackendSettings.Api _ -> Optional.empty();
    };
  }

  private Backend patient(Cli cli, Backend backend) {
    return cli.tools().own().isPresent() ? new PatientBackend(backend, door) : backend;
  }

  private Backend open(Cli cli) {
    return LiveDialect.of(cli)
        .<Backend>map(
            dialect ->
                new LiveCliBackend(
                    cli, dialect, preparation, sessions, Optional.of(oneShot(cli, dialect))))
        .orElseGet(() -> new OneShotCliBackend(cli, preparation, ledger, subprocesses));
  }

  private Backend oneShot(Cli cli, LiveDialect dialect) {
    // ACP has no words for a process of one turn: it is one that lives, and has no second.
    return cli.dialect() == CliDialect.ACP
        ? new LiveCliBackend(cli, dialect, preparation, sessions, Optional.empty())
        : new OneShotCliBackend(cli, preparation, ledger, subprocesses);
  }

  @Override
  public void keepWarm(List<ProcessNeed> needs) {
    sessions.keepWarm(
        needs.stream()
            .flatMap(need -> warm(need).stream())
            // Agents that need the same process share it.
            .collect(toMap(WarmOrder::fingerprint, order -> order, (one, _) -> one))
            .values()
            .stream()
            .toList());
  }

  private Optional<WarmOrder> warm(ProcessNeed need) {
    return need.backend() instanceof Cli cli && cli.live().enabled() && cli.live().warm() > 0
        ? LiveDialect.of(cli)
            .filter(dialect -> !dialect.resumesByWord())
            .flatMap(
                dialect -> new WarmStarts(demo.complete(cli), dialect, preparation).order(need))
        : Optional.empty();
  }

  @Override
  public Optional<SortedMap<String, String>> fingerprint(ProcessNeed need, SessionId session) {
    return need.backend() instanceof Cli cli && cli.live().enabled()
        ? LiveDialect.of(cli)
            .flatMap(
                dialect ->
                    new WarmStarts(demo.complete(cli), dialect, preparation)
                        .fingerprint(need, session))
            .map(Fingerprint::parts)
        : Optional.empty();
  }

  @Override
  public boolean forget(SessionId session) {
    // First the processes: they write where we delete.
    sessions.close(session, CloseReason.SESSION_ENDED);
    return directories.remove(session);
  }

  @Override
  public void beginAnew(SessionId session) {
    sessions.retire(session, CloseReason.SESSION_ENDED);
  }
}
