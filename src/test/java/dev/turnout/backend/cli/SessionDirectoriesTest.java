package dev.turnout.backend.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.livesession.OwnerLedger;
import dev.turnout.testing.DeepTree;
import dev.turnout.turn.SessionId;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A session's private places go with it. */
class SessionDirectoriesTest {
  private static final SessionId SESSION = new SessionId(7);
  private static final SessionId OTHER = new SessionId(77);
  private static final SessionId NOBODY = new SessionId(-5);

  @TempDir private Path data;

  @Test
  void aRemovedSessionLeavesNoDirectoryAndOthersStay() throws IOException {
    var directories = new SessionDirectories(data);
    Files.writeString(directories.home(SESSION).resolve("conversation"), "secret");
    Files.createDirectories(directories.work(SESSION).resolve("deep/down"));
    var others = directories.home(OTHER);

    assertTrue(directories.remove(SESSION));
    assertTrue(directories.remove(SESSION));

    assertFalse(Files.exists(data.resolve("sessions/7")));
    assertTrue(Files.isDirectory(others));
  }

  @Test
  void whatWasNobodysBecomesASessionsOwnAndGoesWithIt() throws IOException {
    var directories = new SessionDirectories(data);
    var ledger = new OwnerLedger(data.toString(), Clock.systemUTC());
    var belongings = ledger.open("live");
    directories.makeFor(NOBODY, belongings);
    var home = directories.home(NOBODY);
    Files.writeString(home.resolve("conversation"), "mine");

    directories.handOver(NOBODY, SESSION, belongings);
    belongings.close();

    assertEquals(home, directories.nameOfHome(SESSION));
    assertEquals(home, directories.home(SESSION));
    assertEquals("mine", Files.readString(directories.home(SESSION).resolve("conversation")));
    assertThrows(
        FileAlreadyExistsException.class,
        () -> directories.handOver(NOBODY, SESSION, ledger.open("live")));
    assertTrue(directories.remove(SESSION));
    assertFalse(Files.exists(home));
    assertFalse(Files.exists(data.resolve("sessions/7"), LinkOption.NOFOLLOW_LINKS));
  }

  @Test
  void linkStaysUntilWhatItPointsToIsGone() throws Exception {
    var directories = new SessionDirectories(data);
    var belongings = new OwnerLedger(data.toString(), Clock.systemUTC()).open("live");
    directories.makeFor(NOBODY, belongings);
    var home = directories.home(NOBODY);
    directories.handOver(NOBODY, SESSION, belongings);

    try (var _ = DeepTree.below(home)) {
      assertFalse(directories.remove(SESSION));
      assertEquals(home, directories.nameOfHome(SESSION));
    }

    assertTrue(directories.remove(SESSION));
    assertFalse(Files.exists(home.getParent()));
    assertFalse(Files.exists(data.resolve("sessions/7"), LinkOption.NOFOLLOW_LINKS));
  }

  @Test
  void handingOverThatFailsHalfWayLeavesNoLink() throws IOException {
    var directories = new SessionDirectories(data);
    var ledger = new OwnerLedger(data.toString(), Clock.systemUTC());
    var belongings = ledger.open("live");
    directories.makeFor(NOBODY, belongings);
    // Nothing can be written there any more, whoever we are.
    var record = data.resolve("owners").resolve(belongings.owner());
    Files.delete(record);
    Files.createDirectory(record);

    assertThrows(IOException.class, () -> directories.handOver(NOBODY, SESSION, belongings));

    assertEquals(data.resolve("sessions/7/home"), directories.home(SESSION));
    belongings.close();
    assertFalse(Files.exists(data.resolve("sessions/-5")), "it is nobody's still");
  }

  @Test
  void whatNobodyHasTakenGoesWithItsProcess() throws IOException {
    var directories = new SessionDirectories(data);
    var belongings = new OwnerLedger(data.toString(), Clock.systemUTC()).open("live");
    directories.makeFor(NOBODY, belongings);
    var home = directories.home(NOBODY);

    belongings.close();

    assertFalse(Files.exists(home.getParent()));
  }

  @Test
  void sessionWithPlacesOfItsOwnGetsNoOthers() throws IOException {
    var directories = new SessionDirectories(data);
    var home = directories.home(SESSION);
    var belongings = new OwnerLedger(data.toString(), Clock.systemUTC()).open("live");
    directories.makeFor(NOBODY, belongings);

    assertThrows(
        FileAlreadyExistsException.class, () -> directories.handOver(NOBODY, SESSION, belongings));

    assertEquals(home, directories.home(SESSION));
    belongings.close();
    assertFalse(Files.exists(data.resolve("sessions/-5")));
  }

  /** Killed between the link and the line in the ledger: the sweep removes what is linked to. */
  @Test
  void linkToNothingIsAsNoPlacesAtAll() throws IOException {
    var directories = new SessionDirectories(data);
    Files.createDirectories(data.resolve("sessions"));
    Files.createSymbolicLink(data.resolve("sessions/7"), Path.of("-5"));

    assertEquals(data.resolve("sessions/7/home"), directories.home(SESSION));
  }

  @Test
  void askingForANameMakesAndRemovesNothing() throws IOException {
    var directories = new SessionDirectories(data);
    Files.createDirectories(data.resolve("sessions"));
    var link = Files.createSymbolicLink(data.resolve("sessions/77"), Path.of("-5"));

    var home = directories.nameOfHome(SESSION);
    var work = directories.nameOfWork(SESSION);
    var unlinked = directories.nameOfHome(OTHER);

    assertFalse(Files.exists(home.getParent()));
    assertTrue(Files.isSymbolicLink(link));
    assertEquals(directories.home(SESSION), home);
    assertEquals(directories.work(SESSION), work);
    assertEquals(directories.home(OTHER), unlinked);
  }

  @Test
  void aLinkOutOfASessionIsNotFollowed() throws IOException {
    var directories = new SessionDirectories(data);
    var outside = Files.createDirectory(data.resolve("outside"));
    Files.writeString(outside.resolve("file"), "kept");
    Files.createSymbolicLink(directories.work(SESSION).resolve("link"), outside);

    assertTrue(directories.remove(SESSION));

    assertEquals("kept", Files.readString(outside.resolve("file")));
  }

  @Test
  void aLinkThatAProcessLeftInAPrivatePlaceIsNotFollowed() throws IOException {
    var directories = new SessionDirectories(data);
    var home = directories.home(SESSION);
    var elsewhere = Files.createDirectory(data.resolve("elsewhere"));
    Files.delete(home);
    Files.createSymbolicLink(home, elsewhere);

    assertThrows(IOException.class, () -> directories.home(SESSION));

    assertTrue(directories.remove(SESSION));
    assertTrue(Files.isDirectory(elsewhere));
    assertTrue(Files.isDirectory(directories.home(SESSION)));
  }
}
