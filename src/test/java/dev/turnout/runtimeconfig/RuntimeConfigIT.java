package dev.turnout.runtimeconfig;

import static dev.turnout.runtimeconfig.ConfigReplica.json;
import static dev.turnout.testing.Patience.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.settings.SettingFlaw;
import dev.turnout.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RuntimeConfigIT {
  private static final Map<String, String> FILES = Map.of("turnout.queue.session-cap", "50");

  @TempDir private Path directory;
  private TestDatabase database;
  private ConfigReplica one;
  private ConfigReplica other;

  @BeforeEach
  void start() {
    database = TestDatabase.migrated();
    one = new ConfigReplica(database, FILES).start();
    other = new ConfigReplica(database, FILES).start();
  }

  @AfterEach
  void stop() {
    one.close();
    other.close();
    database.close();
  }

  private static int cap(ConfigReplica replica) {
    return replica.config.snapshot().queue().sessionCap();
  }

  private static Revision written(WriteResult result) {
    return assertInstanceOf(WriteResult.Written.class, result).revision();
  }

  private void sql(String sql) {
    try (var connection = database.dataSource("").getConnection();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  @Test
  void atFirstFilesAloneAreInForce() {
    assertEquals(50, cap(one));
    assertEquals(1, one.config.snapshot().revision());
    assertEquals(Revision.Kind.INITIAL, one.config.current().kind());
  }

  @Test
  void whatOneWritesIsInForceThereAtOnceAndSoonOnTheOther() {
    var revision = written(one.patch("{queue: {'session-cap': 9}}"));

    assertEquals(2, revision.number());
    assertEquals(9, cap(one));
    await().until(() -> cap(other) == 9);
    assertEquals(2, other.config.snapshot().revision());
    assertEquals(
        List.of(
            new Change(
                "/queue/session-cap",
                java.util.Optional.empty(),
                java.util.Optional.of(json("9")))),
        other.config.current().changes());
  }

  @Test
  void aLostNotificationCostsAPoll() {
    sql(
        "insert into turnout.config_revision (number, kind, at, author, document, changes)"
            + " values (2, 'put', now(), 'x', '{\"queue\": {\"session-cap\": 8}}', '[]')");

    await().until(() -> cap(one) == 8 && cap(other) == 8);
  }

  @Test
  void deletedSettingFallsBackToTheFile() {
    written(one.patch("{queue: {'session-cap': 9, 'max-runs': 5}}"));
    var revision = written(one.patch("{queue: {'session-cap': null}}"));

    assertEquals(50, cap(one));
    assertEquals(json("{queue: {'max-runs': 5}}"), revision.document());
  }

  @Test
  void ofTwoAdminsWhoPatchAtOnceOneIsStaleAndCanMerge()
      throws InterruptedException, ExecutionException {
    var patches = new ArrayList<Callable<WriteResult>>();
    patches.add(() -> one.config.patch(one.wish(1), json("{queue: {'session-cap': 9}}")));
    patches.add(() -> other.config.patch(other.wish(1), json("{queue: {'max-runs': 7}}")));
    var results = new ArrayList<WriteResult>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var result : threads.invokeAll(patches)) {
        results.add(result.get());
      }
    }

    assertEquals(1, results.stream().filter(WriteResult.Written.class::isInstance).count());
    var stale =
        results.stream().filter(WriteResult.Stale.class::isInstance).findFirst().orElseThrow();
    assertEquals(new WriteResult.Stale(2), stale);
    written(one.patch("{queue: {'session-cap': 9, 'max-runs': 7}}"));
    assertEquals(
        json("{queue: {'session-cap': 9, 'max-runs': 7}}"), one.config.current().document());
  }

  @Test
  void invalidIsNotWrittenAndNothingChangesAnywhere() {
    var invalid =
        assertInstanceOf(
            WriteResult.Invalid.class,
            one.patch("{queue: {'session-cap': 0}, agents: {a: {chain: [{backend: 'x'}]}}}"));

    assertEquals(
        List.of("/agents/a/chain/0/backend", "/queue/session-cap"),
        invalid.plan().flaws().stream().map(SettingFlaw::pointer).sorted().toList());
    assertEquals(1, one.config.current().number());
    assertEquals(50, cap(one));
  }

  @Test
  void sameDocumentMakesNoRevision() {
    written(one.patch("{queue: {'session-cap': 9}}"));

    assertInstanceOf(WriteResult.Unchanged.class, one.patch("{queue: {'session-cap': 9}}"));
    assertEquals(2, one.config.current().number());
  }

  @Test
  void rollbackWritesTheOldDocumentAnew() {
    written(one.patch("{queue: {'session-cap': 9}}"));
    written(one.patch("{queue: {'session-cap': 8}}"));

    var back = written(one.config.rollback(one.wish(3), 2));

    assertEquals(4, back.number());
    assertEquals(2, back.restored().orElseThrow());
    assertEquals(9, cap(one));
    assertInstanceOf(WriteResult.NoRevision.class, one.config.rollback(one.wish(4), 99));
  }

  @Test
  void replicaThatCannotApplyKeepsTheLastGoodOneAndSaysSo() {
    var elsewhere = Map.of("turnout.backends.mine.kind", "claude");
    try (var special = new ConfigReplica(database, elsewhere).start()) {
      written(special.patch("{agents: {a: {chain: [{backend: 'mine'}]}}}"));
      assertEquals(2, special.config.snapshot().revision());

      // The others have no such backend in their files.
      await().until(() -> state(one).error().isPresent());
      assertEquals(1, one.config.snapshot().revision());
      assertTrue(state(one).error().orElseThrow().contains("/agents/a/chain/0/backend"));
      await().until(() -> state(special).revision() == 2);

      written(special.patch("{agents: null, queue: {'session-cap': 7}}"));
      await().until(() -> cap(one) == 7 && state(one).error().isEmpty());
    }
  }

  private ReplicaState state(ConfigReplica replica) {
    await()
        .until(() -> one.config.replicas().stream().anyMatch(s -> s.home().equals(replica.home)));
    return one.config.replicas().stream()
        .filter(s -> s.home().equals(replica.home))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void afterAStartTheNewestThatHoldsIsInForce() {
    written(one.patch("{queue: {'session-cap': 9}}"));
    sql(
        "insert into turnout.config_revision (number, kind, at, author, document, changes)"
            + " values (3, 'put', now(), 'x', '{\"queue\": {\"session-cap\": 0}}', '[]')");

    try (var late = new ConfigReplica(database, FILES).start()) {
      assertEquals(9, cap(late));
      assertEquals(2, late.config.snapshot().revision());
      await().until(() -> state(late).error().isPresent());
    }
  }

  @Test
  void withoutTheDatabaseFilesAreInForceUntilItComes() {
    written(one.patch("{queue: {'session-cap': 9}}"));
    one.close();
    other.close();
    database.goAway();
    try (var late = new ConfigReplica(database, FILES)) {
      try {
        assertEquals(50, cap(late));
        late.start();
      } finally {
        database.comeBack();
      }
      await().atMost(Duration.ofSeconds(30)).until(() -> cap(late) == 9);
    }
  }

  @Test
  void changedFileIsTakenUpAndABrokenOneIsNot() throws IOException {
    var file = directory.resolve("turnout.properties");
    Files.writeString(file, "turnout.queue.session-cap=40\nturnout.queue.max-runs=4\n");
    try (var watching = new ConfigReplica(database, ConfigReplica.file(file)).start()) {
      written(watching.patch("{queue: {'max-runs': 6}}"));
      assertEquals(40, cap(watching));

      Files.writeString(file, "turnout.queue.session-cap=41000\nturnout.queue.max-runs=4\n");
      await().until(() -> cap(watching) == 41_000);
      assertEquals(6, watching.config.snapshot().queue().maxRuns());

      Files.writeString(file, "turnout.queue.session-cap=0\n");
      await().until(() -> state(watching).error().isPresent());
      assertTrue(state(watching).error().orElseThrow().contains("/queue/session-cap"));
      assertEquals(41_000, cap(watching));

      Files.writeString(file, "turnout.queue.session-cap=42\n");
      await().until(() -> cap(watching) == 42 && state(watching).error().isEmpty());
    }
  }

  @Test
  void revisionThatNeedsAFileIsInForceOnceTheFileComes() throws IOException {
    var file = directory.resolve("turnout.properties");
    Files.writeString(file, "");
    try (var watching = new ConfigReplica(database, ConfigReplica.file(file)).start();
        var special =
            new ConfigReplica(database, Map.of("turnout.backends.mine.kind", "claude")).start()) {
      written(special.patch("{agents: {a: {chain: [{backend: 'mine'}]}}}"));
      await().until(() -> state(watching).error().isPresent());

      Files.writeString(file, "turnout.backends.mine.kind=claude\n");

      await().until(() -> watching.config.snapshot().revision() == 2);
      await().until(() -> state(watching).error().isEmpty());
    }
  }
}
