package dev.turnout.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.turnout.authprofile.AuthProfiles;
import dev.turnout.backend.cli.CliBackendProvider;
import dev.turnout.events.TurnEvent;
import dev.turnout.process.Leftovers;
import dev.turnout.session.BackendMemories;
import dev.turnout.settings.WrittenSettings;
import dev.turnout.testing.FakeModelApi;
import dev.turnout.testing.TestDatabase;
import dev.turnout.testing.TestLive;
import dev.turnout.turn.BackendId;
import dev.turnout.turn.SessionId;
import dev.turnout.turn.TurnId;
import dev.turnout.turn.TurnState;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * One replica that runs a real agent CLI against a fake model API, with everything real between
 * them: settings, router, workers, Postgres, processes.
 */
final class RealCliFixture implements AutoCloseable {
  private static final Duration LEASE = Duration.ofMinutes(5);

  final FakeModelApi api = FakeModelApi.start();

  /** Every way out of the loopback ends here: it refuses, and remembers who was asked for. */
  final FakeModelApi wayOut = FakeModelApi.start();

  WorkerFixture replica;
  TestLive live;
  private final RealCli cli;
  private final Path data;
  private final TestDatabase database = TestDatabase.migrated();
  private final Map<String, String> written;

  /**
   * Starts it.
   *
   * @param more configuration beside the CLI's own
   */
  RealCliFixture(RealCli cli, Path data, Map<String, String> more) {
    cli.requireInstalled();
    this.cli = cli;
    this.data = data.toAbsolutePath();
    this.written = cli.configuration(api.uri(), wayOut.uri());
    this.written.putAll(more);
    this.live = new TestLive(this.data, Clock.systemUTC());
    this.replica = start();
  }

  private WorkerFixture start() {
    var settings = WrittenSettings.of(written);
    var profiles = new AuthProfiles(() -> settings, _ -> Optional.of(RealCli.secret()));
    live = new TestLive(data, Clock.systemUTC());
    var provider = new CliBackendProvider(profiles, live.ledger, live.sessions, data.toString());
    return new WorkerFixture(database, provider, settings).start(LEASE);
  }

  /** Another start of Turnout on the same database and the same data directory. */
  void restart() {
    replica.close();
    live.close();
    replica = start();
  }

  SessionId session(String key) {
    return replica.q.session(key + "-" + UUID.randomUUID());
  }

  TurnId submit(SessionId session, String prompt) throws InterruptedException {
    return replica.submit(replica.q.turn(session, prompt));
  }

  /** The end of a turn that is answered. */
  TurnEvent.Succeeded ask(SessionId session, String prompt) throws InterruptedException {
    var end = end(submit(session, prompt), TurnState.SUCCEEDED);
    return assertInstanceOf(TurnEvent.Succeeded.class, end);
  }

  /** The end of a turn that fails. */
  TurnEvent.Failed fail(String prompt) throws InterruptedException {
    var end = end(submit(session("s"), prompt), TurnState.FAILED);
    return assertInstanceOf(TurnEvent.Failed.class, end);
  }

  TurnEvent end(TurnId turn, TurnState state) throws InterruptedException {
    return replica.await(turn, state).last().orElseThrow().event();
  }

  /** The pieces of the answer as they were streamed. */
  List<String> pieces(TurnId turn) {
    return replica.q.stored(turn).stream()
        .map(stored -> stored.event())
        .filter(TurnEvent.Output.class::isInstance)
        .map(event -> ((TurnEvent.Output) event).text())
        .toList();
  }

  /** By which id the CLI remembers this session. */
  String sessionRef(SessionId session) {
    return new BackendMemories(database.dataSource(""), replica.clock)
        .recall(session, new BackendId("cli"))
        .orElseThrow()
        .ref();
  }

  /** The newest request that asked the model. */
  FakeModelApi.Seen lastAsked() {
    return api.modelRequests().getLast();
  }

  /** Ends what the CLI left running, and says how much that was. */
  int leftovers() {
    return Leftovers.endAll(data.toString());
  }

  /** Which hosts were asked for through the proxy. */
  List<String> hostsAsked() {
    return wayOut.log().stream().map(seen -> seen.method() + " " + seen.path()).toList();
  }

  @Override
  public void close() {
    replica.close();
    live.close();
    int left = leftovers();
    var violations = replica.q.violations();
    database.drop();
    api.close();
    wayOut.close();
    assertEquals(0, left, cli + " left processes behind");
    assertEquals(List.of(), hostsAsked(), cli + " asked for hosts that are not the API");
    assertEquals(List.of(), violations);
  }
}
