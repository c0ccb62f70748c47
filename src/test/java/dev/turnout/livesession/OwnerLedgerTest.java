package dev.turnout.livesession;

import static java.time.temporal.ChronoUnit.MILLIS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.process.ProcessStamp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What belongs to whom, and that it goes exactly once. */
@Timeout(60)
class OwnerLedgerTest {
  @TempDir private Path data;
  private OwnerLedger ledger = new OwnerLedger("unused", Clock.systemUTC());

  @BeforeEach
  void open() {
    ledger = nextStart();
  }

  private OwnerLedger nextStart() {
    return new OwnerLedger(data.toString(), Clock.systemUTC());
  }

  private List<Path> records() throws IOException {
    var directory = data.resolve("owners");
    if (!Files.exists(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.toList();
    }
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  @Test
  void everythingGoesWithItsOwnerTheNewestFirst() throws IOException {
    var order = new ArrayList<String>();
    var owner = ledger.open("live");
    var directory = owner.directory(ResourceKind.TEMP_DIRECTORY, data.resolve("tmp"));
    var file = owner.file(ResourceKind.MCP_CONFIG, directory.resolve("mcp.json"), "{}");
    owner.own(ResourceKind.TOKEN, "first", () -> order.add("first"));
    owner.own(ResourceKind.TOKEN, "second", () -> order.add("second " + Files.exists(file)));
    Files.writeString(directory.resolve("left by the process"), "x");
    assertEquals("rw-------", mode(file));
    assertEquals("rw-------", mode(records().getFirst()));

    owner.close();
    owner.close();

    assertEquals(List.of("second true", "first"), order);
    assertFalse(Files.exists(directory));
    assertEquals(List.of(), records());
    assertEquals(List.of(), ledger.owners());
  }

  @Test
  void whoGaveAwayCanReleaseNothing() throws IOException {
    var revoked = new ArrayList<String>();
    var process = ledger.open("live");
    Path file;
    try (var turn = ledger.open("start")) {
      file = turn.file(ResourceKind.PROMPT_FILE, data.resolve("prompt"), "text");
      turn.own(ResourceKind.TOKEN, "token", () -> revoked.add("token"));
      turn.handTo(process);
      assertThrows(
          IllegalStateException.class,
          () -> turn.file(ResourceKind.PROMPT_FILE, data.resolve("other"), ""));
    }

    assertTrue(Files.exists(file));
    assertEquals(List.of(), revoked);
    assertEquals(List.of(ResourceKind.PROMPT_FILE, ResourceKind.TOKEN), kinds(process));
    process.close();
    assertFalse(Files.exists(file));
    assertEquals(List.of("token"), revoked);
  }

  private static List<ResourceKind> kinds(Belongings owner) {
    return owner.resources().stream().map(OwnedResource::kind).toList();
  }

  @Test
  void whatIsMerelyUsedStays() throws IOException {
    var home = Files.createDirectories(data.resolve("home"));
    var owner = ledger.open("turn");
    owner.uses(ResourceKind.HOME, home);
    assertEquals(List.of(ResourceKind.HOME), kinds(owner));

    owner.close();

    assertTrue(Files.isDirectory(home));
  }

  @Test
  void nextStartEndsAndRemovesWhatAKilledOneLeft() throws Exception {
    var owner = ledger.open("live");
    var directory = owner.directory(ResourceKind.TEMP_DIRECTORY, data.resolve("tmp"));
    owner.uses(ResourceKind.HOME, Files.createDirectories(data.resolve("home")));
    var root = new ProcessBuilder("/bin/sh", "-c", "setsid sleep 300 & echo $!; wait").start();
    var child = Long.parseLong(root.inputReader().readLine());
    owner.processes(List.of(ProcessStamp.of(root.pid()).orElseThrow()));

    var swept = nextStart().sweep();

    assertEquals(1, swept.owners());
    assertEquals(2, swept.processes());
    assertFalse(Files.exists(directory));
    assertTrue(Files.exists(data.resolve("home")));
    assertEquals(137, root.waitFor());
    assertFalse(ProcessStamp.of(child).filter(ProcessStamp::lives).isPresent());
    assertEquals(new OwnerLedger.Swept(0, 0, 0), nextStart().sweep());
  }

  @Test
  void aProcessThatWasGivenThePidLaterIsLeftAlone() throws Exception {
    var stranger = new ProcessBuilder("/bin/sleep", "300").start();
    var stamp = ProcessStamp.of(stranger.pid()).orElseThrow();
    ledger.open("live").processes(List.of(new ProcessStamp(stamp.pid(), "1", stamp.boot())));
    ledger.open("live").processes(List.of(new ProcessStamp(stamp.pid(), stamp.start(), "other")));

    assertEquals(new OwnerLedger.Swept(2, 0, 0), nextStart().sweep());

    assertTrue(stranger.isAlive());
    stranger.destroyForcibly().waitFor();
  }

  @Test
  void recordsThatAreTornOrChangedRemoveNothingElse(@TempDir Path elsewhere) throws IOException {
    var mine = Files.createDirectories(data.resolve("sessions/1/tmp/x"));
    var records = Files.createDirectories(data.resolve("owners"));
    // Killed in the middle of "sessions/1/tmp/x": half a path is another directory.
    var torn = "own\tTEMP_DIRECTORY\tfalse\t1\t" + data.resolve("sessions/1");
    Files.writeString(records.resolve("torn"), torn);
    var foreign = "own\tTEMP_DIRECTORY\tfalse\t1\t" + elsewhere + "\n";
    Files.writeString(records.resolve("changed"), foreign);
    var up = "own\tTEMP_DIRECTORY\tfalse\t1\t" + data + "/owners/../..\n";
    Files.writeString(records.resolve("up"), up);
    Files.write(records.resolve("rubbish"), new byte[] {(byte) 0xff, '\t', 'x', '\n'});

    var swept = ledger.sweep();

    assertEquals(new OwnerLedger.Swept(4, 0, 0), swept);
    assertTrue(Files.isDirectory(mine));
    assertTrue(Files.isDirectory(elsewhere));
    assertEquals(List.of(), records());
  }

  /** Who lists all owners holds the lock that every turn needs. */
  @Test
  void whoeverLooksDoesNotWaitForWhatIsBeingRemoved() throws Exception {
    var owner = ledger.open("live");
    var directory = owner.directory(ResourceKind.TEMP_DIRECTORY, data.resolve("tmp"));
    var begun = new CountDownLatch(1);
    var released = new CountDownLatch(1);
    var revoked = new AtomicInteger();
    owner.own(
        ResourceKind.TOKEN,
        "slow",
        () -> {
          begun.countDown();
          awaitUninterrupted(released);
          revoked.incrementAndGet();
        });
    var closing = Thread.ofVirtual().start(owner::close);
    begun.await();

    assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> {
          assertEquals(List.of(), owner.resources());
          assertEquals(List.of(owner.owner()), names());
          assertThrows(
              IllegalStateException.class, () -> owner.own(ResourceKind.TOKEN, "late", () -> {}));
          owner.close();
        });

    assertTrue(Files.exists(directory));
    released.countDown();
    closing.join();
    assertEquals(1, revoked.get());
    assertFalse(Files.exists(directory));
    assertEquals(List.of(), names());
  }

  private List<String> names() {
    return ledger.owners().stream().map(OwnerView::owner).toList();
  }

  private static void awaitUninterrupted(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void whatIsNotWrittenDownIsNotSo() throws IOException {
    var owner = ledger.open("live");
    var directory = owner.directory(ResourceKind.SESSION_DIRECTORY, data.resolve("places"));
    var record = records().getFirst();
    Files.delete(record);
    Files.createDirectory(record);

    assertThrows(IOException.class, () -> owner.keep(ResourceKind.SESSION_DIRECTORY, directory));
    assertThrows(IOException.class, () -> owner.processes(List.of(dead(1))));

    assertEquals(List.of(false), owner.resources().stream().map(OwnedResource::kept).toList());
    assertEquals(List.of(), owner.page().processes());
    owner.close();
    assertFalse(Files.exists(directory));
  }

  /** An agent that builds for hours forks by the ten thousand. */
  @Test
  void processesThatHaveEndedAreNotKeptOnRecord() throws Exception {
    var owner = ledger.open("live");
    var home = Files.createDirectories(data.resolve("home"));
    owner.uses(ResourceKind.HOME, home);
    var temporary = owner.directory(ResourceKind.TEMP_DIRECTORY, data.resolve("tmp"));
    var sleeper = new ProcessBuilder("/bin/sleep", "300").start();
    var living = ProcessStamp.of(sleeper.pid()).orElseThrow();
    owner.processes(List.of(living));
    var brief = new ProcessBuilder("/bin/sleep", "300").start();
    owner.processes(List.of(ProcessStamp.of(brief.pid()).orElseThrow()));
    assertEquals(2, owner.page().processes().size());
    brief.destroyForcibly().waitFor();
    owner.processes(List.of());
    assertEquals(List.of(living), owner.page().processes());
    for (int i = 0; i < 2_000; i++) {
      owner.processes(List.of(dead(2 * i), dead(2 * i + 1)));
      assertTrue(owner.page().processes().size() <= 3);
    }

    assertEquals(1, records().size());
    var record = records().getFirst();
    assertTrue(Files.readAllLines(record).size() < 300);
    assertEquals("rw-------", mode(record));
    assertEquals(new OwnerLedger.Swept(1, 1, 1), nextStart().sweep());
    assertEquals(137, sleeper.waitFor());
    assertFalse(Files.exists(temporary));
    assertTrue(Files.isDirectory(home));
  }

  private static ProcessStamp dead(int number) {
    return new ProcessStamp(1 + number, "of long ago", "another boot");
  }

  @Test
  void whoWasKilledWhileARecordWasWrittenAnewHasTheOldOne() throws IOException {
    var kept = Files.createDirectories(data.resolve("kept"));
    var owner = ledger.open("live");
    owner.keep(ResourceKind.SESSION_DIRECTORY, kept);
    var half = "own\tSESSION_DIRECTORY\tfalse\t1\t" + kept + "\n";
    Files.writeString(data.resolve("owners").resolve(owner.owner() + ".new"), half);

    assertEquals(new OwnerLedger.Swept(1, 0, 0), nextStart().sweep());

    assertTrue(Files.isDirectory(kept));
    assertEquals(List.of(), records());
  }

  @Test
  void pagesAreReadAsTheyWereWritten() {
    var page =
        OwnerPage.of("live-1")
            .with(
                new OwnedResource(
                    ResourceKind.SOCKET, "/a\tb\\n\n c", ledger.now().truncatedTo(MILLIS), false))
            .with(
                new OwnedResource(
                    ResourceKind.HOME, "/home", ledger.now().truncatedTo(MILLIS), true))
            .with(List.of(new ProcessStamp(42, "4711", "boot")));

    assertEquals(page, OwnerPage.read("live-1", page.lines()));
  }
}
