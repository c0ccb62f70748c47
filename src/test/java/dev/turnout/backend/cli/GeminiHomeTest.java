package dev.turnout.backend.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turnout.livesession.DirectoryTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever an agent has left in its HOME: the next attempt finds what it needs, and only there. */
@Timeout(60)
class GeminiHomeTest {
  @TempDir private Path data;
  private Path home;
  private Path directory;
  private Path file;

  @BeforeEach
  void makeHome() throws IOException {
    home = Files.createDirectory(data.resolve("home"));
    directory = home.resolve(".gemini");
    file = directory.resolve("settings.json");
  }

  private JsonNode prepared() throws IOException {
    GeminiHome.prepare(home, Map.of(), Optional.of("Be brief."), Map.of());
    assertEquals("Be brief.", Files.readString(directory.resolve("GEMINI.md")));
    var settings = JsonPaths.object(Files.readString(file)).orElseThrow();
    assertEquals("gemini-api-key", settings.at("/security/auth/selectedType").asText());
    assertFalse(settings.at("/telemetry/enabled").asBoolean(true));
    return settings;
  }

  private void left(String settings) throws IOException {
    Files.createDirectories(directory);
    Files.writeString(file, settings);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "no JSON",
        "[1]",
        "null",
        "{\"security\": \"x\"}",
        "{\"security\": {\"auth\": [1]}, \"telemetry\": 3, \"general\": []}"
      })
  void settingsThatCannotBeReadAreBegunAnew(String text) throws IOException {
    left(text);

    prepared();
  }

  @Test
  void settingsThatNestTooDeeplyAreBegunAnew() throws IOException {
    left("{\"a\":" + "[".repeat(5000) + "]".repeat(5000) + "}");

    assertTrue(prepared().path("a").isMissingNode());
  }

  @Test
  void whatTheCliHasWrittenStaysCommentsExcepted() throws IOException {
    left("// mine\n{\"ui\": {\"theme\": \"dark\" /* of course */}, \"mcpServers\": {\"own\": {}}}");

    var settings = prepared();

    assertEquals("dark", settings.at("/ui/theme").asText());
    assertTrue(settings.at("/mcpServers/own").isMissingNode());
  }

  @Test
  void linksInPlaceOfTheFilesAreReplacedAndNotFollowed() throws IOException {
    Files.createDirectories(directory);
    var foreign = Files.writeString(data.resolve("foreign.json"), "{\"ui\": {\"theme\": \"x\"}}");
    Files.createSymbolicLink(file, foreign);
    Files.createSymbolicLink(directory.resolve("GEMINI.md"), foreign);

    assertTrue(prepared().path("ui").isMissingNode());

    assertEquals("{\"ui\": {\"theme\": \"x\"}}", Files.readString(foreign));
    assertTrue(Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS));
  }

  @Test
  void linkInPlaceOfTheDirectoryIsReplacedAndNotFollowed() throws IOException {
    var foreign = Files.createDirectory(data.resolve("foreign"));
    Files.writeString(foreign.resolve("GEMINI.md"), "somebody's");
    Files.createSymbolicLink(directory, foreign);

    prepared();
    GeminiHome.prepare(home, Map.of(), Optional.empty(), Map.of());

    assertEquals("somebody's", Files.readString(foreign.resolve("GEMINI.md")));
    assertEquals(List.of("GEMINI.md"), names(foreign));
    assertTrue(Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS));
  }

  @Test
  void directoriesInPlaceOfTheFilesAndAFileInPlaceOfTheDirectoryAreReplaced() throws IOException {
    Files.createDirectories(file.resolve("full"));
    Files.createDirectories(directory.resolve("GEMINI.md").resolve("full"));

    prepared();
    Files.createDirectories(Files.deleteIfExists(file) ? file.resolve("full") : file);
    prepared();
    GeminiHome.prepare(home, Map.of(), Optional.empty(), Map.of());

    assertEquals(List.of("settings.json"), names(directory));
    assertTrue(DirectoryTree.delete(directory));
    Files.writeString(directory, "a file");
    prepared();
  }

  @Test
  void directoryThatTheAgentHasClosedIsOpenedAgain() throws IOException {
    left("{}");
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("r-x------"));

    prepared();

    assertEquals(
        "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)));
  }

  @Test
  void nothingButTheFilesIsLeftAndOnlyWeCanReadThem() throws IOException {
    prepared();
    prepared();

    assertEquals(List.of("GEMINI.md", "settings.json"), names(directory));
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
  }

  private static List<String> names(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      return files.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }
}
