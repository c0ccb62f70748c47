package dev.turnout.worker;

import static dev.turnout.testing.Patience.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.turnout.authprofile.AuthProfiles;
import dev.turnout.backend.cli.CliBackendProvider;
import dev.turnout.events.TurnEvent;
import dev.turnout.runtimeconfig.ConfigReplica;
import dev.turnout.runtimeconfig.WriteResult;
import dev.turnout.testing.TestDatabase;
import dev.turnout.testing.TestLive;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A turn that runs keeps the credentials of the settings with which it began. */
@Timeout(60)
class RemovedProfileIT {
  @TempDir Path data;
  private TestDatabase database;
  private ConfigReplica config;
  private TestLive live;
  private WorkerFixture replica;

  /**
   * The first entry waits for a file and fails of the network; the second one tells what credential
   * it was given.
   */
  @BeforeEach
  void start() throws IOException {
    Files.writeString(data.resolve("secret"), "the-secret-of-spare");
    Files.writeString(
        data.resolve("slow.sh"),
        """
        touch %1$s/waits
        while [ ! -e %1$s/go ]; do sleep 0.02; done
        echo 'the model is overloaded' >&2
        exit 1
        """
            .formatted(data));
    Files.writeString(data.resolve("tell.sh"), "echo \"it is ${#SPARE} long\"");
    database = TestDatabase.migrated();
    config =
        new ConfigReplica(
                database,
                Map.ofEntries(
                    Map.entry("turnout.fallback.retry-budget", "0s"),
                    Map.entry("turnout.backends.slow.kind", "command"),
                    Map.entry("turnout.backends.slow.command", "sh"),
                    Map.entry("turnout.backends.slow.args[0]", data + "/slow.sh"),
                    Map.entry("turnout.backends.tell.kind", "command"),
                    Map.entry("turnout.backends.tell.command", "sh"),
                    Map.entry("turnout.backends.tell.args[0]", data + "/tell.sh")))
            .start();
    live = new TestLive(data, Clock.systemUTC());
    var provider =
        new CliBackendProvider(
            new AuthProfiles(config.config, _ -> Optional.empty()),
            live.ledger,
            live.sessions,
            data.toString());
    replica = new WorkerFixture(database, provider, config.config).start(Duration.ofMinutes(5));
  }

  @AfterEach
  void stop() {
    replica.close();
    live.close();
    config.close();
    database.close();
  }

  private void patch(String patch) {
    assertInstanceOf(WriteResult.Written.class, config.patch(patch));
  }

  @Test
  void profileThatIsRemovedDuringATurnIsUsedByItToItsEnd() throws Exception {
    patch(
        """
        {'auth-profiles': {spare: {provider: 'x', 'expose-as': 'SPARE', secret: 'file:%s/secret'}},
         agents: {demo: {chain: [{backend: 'slow'}, {backend: 'tell', 'auth-profile': 'spare'}]}}}
        """
            .formatted(data));
    var turn = replica.submit(replica.q.turn(replica.q.session("s"), "hello"));
    await().until(() -> Files.exists(data.resolve("waits")));

    patch("{'auth-profiles': null, agents: null}");
    assertEquals(Map.of(), config.config.snapshot().authProfiles());
    Files.createFile(data.resolve("go"));

    var end = replica.end(turn);
    var done = assertInstanceOf(TurnEvent.Succeeded.class, end, end::toString);
    assertEquals("it is 19 long", done.answer().text().strip());
    assertEquals(2, done.configRevision());
    assertEquals(
        List.of(Optional.empty(), Optional.of("spare")),
        done.attempts().stream()
            .map(attempt -> attempt.candidate().authProfile().map(Object::toString))
            .toList());
  }
}
