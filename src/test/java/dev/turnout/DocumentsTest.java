package dev.turnout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The documents speak of what is there. */
class DocumentsTest {
  private static final Pattern LINK = Pattern.compile("\\[[^]]*]\\(([^)#]+)(?:#[^)]*)?\\)");
  private static final Pattern CODE = Pattern.compile("(?<!`)`([^`\\n]+)`(?!`)");

  /** Two humps at least: a word with one is a name of many things. */
  private static final Pattern CLASS_NAME =
      Pattern.compile("(?:[A-Z][a-z0-9]+){2,}(?:\\.[A-Z]\\w+)?");

  private static final Pattern TYPE =
      Pattern.compile("\\b(?:class|interface|record|enum)\\s+([A-Z]\\w*)");
  private static final Pattern TEST = Pattern.compile("\\w+(?:Test|IT)\\.[a-z]\\w+");
  private static final Pattern TEST_METHOD =
      Pattern.compile("(?:void|Stream<DynamicTest>)\\s+(\\w+)\\(");
  private static final Pattern ROOM = Pattern.compile("^\\| `([a-z.]+)` \\|.*\\| ([a-z., ]*)\\|$");

  /** Names of others' classes, of rejected names, of databases' tables and the like. */
  private static final Set<String> FOREIGN = Set.of("ConcurrentHashMap", "InterruptedException");

  @Test
  void linksLeadSomewhere() throws IOException {
    var broken = new ArrayList<String>();
    for (var document : documents()) {
      var link = LINK.matcher(Files.readString(document));
      while (link.find()) {
        var target = link.group(1).strip();
        if (!target.matches("[a-z]+:.*") && !Files.exists(directory(document).resolve(target))) {
          broken.add(document + " -> " + target);
        }
      }
    }

    assertEquals(List.of(), broken);
  }

  @Test
  void namedClassesAreThere() throws IOException {
    var types = types();
    var unknown = new ArrayList<String>();
    for (var document : documents()) {
      code(document)
          .filter(word -> CLASS_NAME.matcher(word).matches())
          .filter(word -> !FOREIGN.contains(word))
          .filter(word -> !types.containsAll(List.of(word.split("\\."))))
          .forEach(word -> unknown.add(document + " names " + word));
    }

    assertEquals(List.of(), unknown);
  }

  /** A promise that names its proof. */
  @Test
  void namedTestsAreThere() throws IOException {
    var missing = new ArrayList<String>();
    var tests = tests();
    var surveyed = surveyed();
    for (var document : documents()) {
      for (var word : code(document).toList()) {
        var test = TEST.matcher(word);
        if (test.matches() && !tests.contains(word)) {
          missing.add(document + " names " + word);
        }
        if (word.startsWith("survey: ") && !surveyed.contains(word.substring(8))) {
          missing.add(document + " names " + word);
        }
      }
    }

    assertEquals(List.of(), missing);
  }

  @Test
  void namedFilesAreThere() throws IOException {
    var missing = new ArrayList<String>();
    for (var document : documents()) {
      code(document)
          .filter(word -> word.matches("(src|docs|db-migrations|scripts)(/[\\w.-]+)+"))
          .filter(word -> !Files.exists(Path.of(word)))
          .forEach(word -> missing.add(document + " names " + word));
    }

    assertEquals(List.of(), missing);
  }

  @Test
  void mapOfRoomsIsTheOneThatIsChecked() throws IOException {
    Map<String, Set<String>> documented = new TreeMap<>();
    for (var line : Files.readAllLines(Path.of("docs/ARCHITECTURE.md"))) {
      var room = ROOM.matcher(line);
      if (room.matches() && ArchitectureTest.MAY_IMPORT.containsKey(room.group(1))) {
        var imports = new HashSet<>(Arrays.asList(room.group(2).strip().split(",\\s*")));
        imports.remove("");
        documented.put(room.group(1), imports);
      }
    }
    Map<String, Set<String>> checked = new TreeMap<>();
    ArchitectureTest.MAY_IMPORT.forEach((room, imports) -> checked.put(room, Set.copyOf(imports)));

    assertEquals(checked, documented);
  }

  @Test
  void decisionsAreShortAndSayWhatWasRejected() throws IOException {
    for (var document : documents()) {
      if (document.startsWith(Path.of("docs/adr"))) {
        var lines = Files.readAllLines(document);
        assertTrue(lines.size() < 80, () -> document + " is too long");
        for (var part : List.of("Context", "Decision", "Rejected", "Consequences")) {
          assertTrue(lines.contains("## " + part), () -> document + " has no part " + part);
        }
      }
    }
  }

  private static List<Path> documents() throws IOException {
    try (var root = Files.list(Path.of(""));
        var docs = Files.walk(Path.of("docs"))) {
      return Stream.concat(root, docs).filter(file -> file.toString().endsWith(".md")).toList();
    }
  }

  private static Path directory(Path document) {
    var parent = document.getParent();
    return parent == null ? Path.of("") : parent;
  }

  private static Stream<String> code(Path document) throws IOException {
    return CODE.matcher(Files.readString(document)).results().map(match -> match.group(1));
  }

  private static Set<String> types() throws IOException {
    var types = new HashSet<String>();
    try (var files = Files.walk(Path.of("src"))) {
      files
          .filter(file -> file.toString().endsWith(".java"))
          .forEach(file -> TYPE.matcher(read(file)).results().forEach(t -> types.add(t.group(1))));
    }
    return types;
  }

  /** As {@code Class.method}. */
  private static Set<String> tests() throws IOException {
    var tests = new HashSet<String>();
    try (var files = Files.walk(Path.of("src/test/java"))) {
      for (var file : files.filter(f -> f.toString().matches(".*(Test|IT)\\.java")).toList()) {
        var name = file.getFileName().toString().replace(".java", ".");
        TEST_METHOD.matcher(read(file)).results().forEach(m -> tests.add(name + m.group(1)));
      }
    }
    return tests;
  }

  private static Set<String> surveyed() {
    return read(Path.of("src/test/resources/failure/survey.txt"))
        .lines()
        .filter(line -> line.contains("|"))
        .map(line -> line.substring(0, line.indexOf('|')).strip())
        .collect(Collectors.toSet());
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
