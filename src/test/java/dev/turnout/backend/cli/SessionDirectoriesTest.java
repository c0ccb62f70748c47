package dev.turnout.backend.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.turn.SessionId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A session's private places go with it. */
class SessionDirectoriesTest {
  private static final SessionId SESSION = new SessionId(7);
  private static final SessionId OTHER = new SessionId(77);

  @TempDir private Path data;

  @Test
  void aRemovedSessionLeavesNoDirectoryAndOthersStay() throws IOException {
    var directories = new SessionDirectories(data);
    Files.writeString(directories.home(SESSION).resolve("conversation"), "secret");
    Files.createDirectories(directories.work(SESSION).resolve("deep/down"));
    var others = directories.home(OTHER);

    directories.remove(SESSION);
    directories.remove(SESSION);

    assertFalse(Files.exists(data.resolve("sessions/7")));
    assertTrue(Files.isDirectory(others));
  }

  @Test
  void aLinkOutOfASessionIsNotFollowed() throws IOException {
    var directories = new SessionDirectories(data);
    var outside = Files.createDirectory(data.resolve("outside"));
    Files.writeString(outside.resolve("file"), "kept");
    Files.createSymbolicLink(directories.work(SESSION).resolve("link"), outside);

    directories.remove(SESSION);

    assertEquals("kept", Files.readString(outside.resolve("file")));
  }
}
