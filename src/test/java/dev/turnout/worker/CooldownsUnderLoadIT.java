package dev.turnout.worker;

import static dev.turnout.testing.Patience.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.authprofile.AuthProfiles;
import dev.turnout.backend.BackendProvider;
import dev.turnout.backend.cli.CliBackendProvider;
import dev.turnout.cooldown.CooldownKey;
import dev.turnout.cooldown.CooldownScope;
import dev.turnout.cooldown.Way;
import dev.turnout.events.TurnEvent;
import dev.turnout.failure.Failure;
import dev.turnout.failure.FailureReason;
import dev.turnout.runtimeconfig.ConfigReplica;
import dev.turnout.runtimeconfig.WriteResult;
import dev.turnout.testing.TestDatabase;
import dev.turnout.testing.TestLive;
import dev.turnout.turn.BackendId;
import dev.turnout.turn.LaneId;
import dev.turnout.turn.TurnId;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Cooldowns and their table change all the time on three replicas, and turns that run notice
 * nothing.
 */
@Timeout(180)
class CooldownsUnderLoadIT {
  private static final int REPLICAS = 3;
  private static final int TURNS = 20;
  private static final int CHANGES = 100;

  /** All of the first turns run at once, each in a process of its own. */
  private static final Map<String, String> FILES =
      Map.of(
          "turnout.queue.drain-grace", "10s",
          "turnout.fallback.retry-budget", "0s",
          "turnout.backends.demo.kind", "demo",
          "turnout.backends.demo.live.enabled", "false",
          "turnout.lanes.user.width", String.valueOf(TURNS));

  @TempDir Path data;
  private final List<ConfigReplica> configs = new ArrayList<>();
  private final List<TestLive> lives = new ArrayList<>();
  private final List<WorkerFixture> replicas = new ArrayList<>();
  private TestDatabase database;

  @BeforeEach
  void start() {
    database = TestDatabase.migrated();
    for (int i = 0; i < REPLICAS; i++) {
      var config = new ConfigReplica(database, FILES).start();
      configs.add(config);
      replicas.add(
          new WorkerFixture(database, demo(i, config), config.config).start(Duration.ofMinutes(5)));
    }
  }

  /** The demo agent as a real process. */
  private BackendProvider demo(int replica, ConfigReplica config) {
    var home = data.resolve("replica-" + replica);
    var live = new TestLive(home, Clock.systemUTC());
    lives.add(live);
    var profiles = new AuthProfiles(config.config, _ -> Optional.empty());
    return new CliBackendProvider(profiles, live.ledger, live.sessions, home.toString());
  }

  @AfterEach
  void stop() {
    replicas.forEach(WorkerFixture::close);
    lives.forEach(TestLive::close);
    configs.forEach(ConfigReplica::close);
    database.close();
  }

  private static Way elsewhere(int i) {
    return new Way("account-" + i, new BackendId("other"), "cli", "m", new LaneId("user"));
  }

  @Test
  void hundredCooldownsAndHundredTablesDuringRunningProcessesAbortNoTurn()
      throws InterruptedException {
    var first = replicas.getFirst();
    var turns = new ArrayList<TurnId>();
    var later = new ArrayList<TurnId>();
    for (int i = 0; i < TURNS; i++) {
      // Every second session has one more turn, which waits.
      var session = first.q.session("s" + i);
      var door = replicas.get(i % REPLICAS);
      turns.add(door.submit(door.q.turn(session, "sleep 10\nmessage " + i)));
      if (i % 2 == 0) {
        later.add(door.submit(door.q.turn(session, "message again " + i)));
      }
    }
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                // A claimed turn is running, and takes its settings a moment later.
                turns.stream().allMatch(turn -> first.q.view(turn).started().isPresent()));

    var noMoney = Failure.of(FailureReason.BILLING, "http.402", "no money");
    for (int i = 1; i <= CHANGES; i++) {
      var on = i % REPLICAS;
      var settings = configs.get(on).config.snapshot();
      replicas
          .get(on)
          .cooldowns
          .failed(elsewhere(i), noMoney, first.clock.instant(), settings.rests());
      assertInstanceOf(
          WriteResult.Written.class,
          configs
              .getFirst()
              .patch("{cooldown: {billing: {first: '%ds', longest: '3h'}}}".formatted(600 + i)));
    }

    for (var turn : turns) {
      // It began before all changes, and kept to what it began with.
      assertEquals(1, answered(first, turn).configRevision());
    }
    for (var turn : later) {
      answered(first, turn);
    }
    for (var replica : replicas) {
      await().until(() -> replica.cooldowns.snapshot().all().size() == CHANGES);
    }
    for (var config : configs) {
      await().until(() -> config.config.snapshot().revision() == CHANGES + 1);
    }
    await()
        .until(
            () ->
                configs.getFirst().config.replicas().stream()
                        .filter(state -> state.revision() == CHANGES + 1)
                        .count()
                    == REPLICAS);
    // The table that was in force when the last one was written has its say.
    var key = CooldownScope.PAYMENT.of(elsewhere(CHANGES));
    assertTrue(rest(first, key).compareTo(Duration.ofMinutes(10)) > 0);
    assertEquals(List.of(), first.q.violations());
  }

  private static TurnEvent.Succeeded answered(WorkerFixture replica, TurnId turn)
      throws InterruptedException {
    var done = assertInstanceOf(TurnEvent.Succeeded.class, replica.end(turn));
    assertTrue(done.answer().text().contains("message"), done::toString);
    assertEquals(1, done.attempts().size());
    return done;
  }

  private static Duration rest(WorkerFixture replica, CooldownKey key) {
    var cooldown =
        replica.cooldowns.snapshot().all().stream()
            .filter(one -> one.key().equals(key))
            .findFirst()
            .orElseThrow();
    return Duration.between(cooldown.steppedAt().orElseThrow(), cooldown.until().orElseThrow());
  }
}
