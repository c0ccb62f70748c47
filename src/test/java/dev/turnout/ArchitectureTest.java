package dev.turnout;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The map of the rooms, and the house rules that a machine can check. */
class ArchitectureTest {
  private static final String ROOT = "dev.turnout";
  private static final JavaClasses CODE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ROOT);

  /** Which rooms a room may import. {@code boot} wires everything and is imported by nobody. */
  static final Map<String, List<String>> MAY_IMPORT =
      Map.ofEntries(
          entry("failure", List.of()),
          entry("turn", List.of("failure")),
          entry("usermessage", List.of("failure", "turn")),
          entry("news", List.of("turn")),
          entry("drill", List.of("news", "failure", "turn")),
          entry("cooldown", List.of("news", "failure", "turn")),
          entry(
              "runtimeconfig", List.of("news", "queue", "settings", "cooldown", "turn", "failure")),
          entry("audit", List.of("failure", "turn")),
          entry("telemetry", List.of("livesession", "cooldown", "settings", "turn", "failure")),
          entry("decision", List.of("failure", "turn")),
          entry("alarm", List.of()),
          entry("process", List.of("alarm")),
          entry("demo", List.of()),
          entry("settings", List.of("usermessage", "cooldown", "turn", "failure")),
          entry("identity", List.of("turn")),
          entry("session", List.of("news", "turn")),
          entry("events", List.of("alarm", "turn", "failure")),
          entry("queue", List.of("alarm", "events", "turn", "failure")),
          entry("authprofile", List.of("turn", "settings")),
          entry("backend", List.of("turn", "failure", "settings")),
          entry(
              "backend.cli",
              List.of(
                  "backend",
                  "grant",
                  "livesession",
                  "process",
                  "demo",
                  "authprofile",
                  "settings",
                  "turn",
                  "failure")),
          entry("livesession", List.of("process", "settings", "turn")),
          entry("grant", List.of("livesession", "settings", "turn")),
          entry("mcp", List.of("grant", "intake", "queue", "session", "settings", "turn")),
          entry("backend.api", List.of("backend", "authprofile", "settings", "turn", "failure")),
          entry(
              "routing",
              List.of(
                  "backend",
                  "cooldown",
                  "decision",
                  "drill",
                  "session",
                  "events",
                  "settings",
                  "turn",
                  "failure")),
          entry("intake", List.of("queue", "session", "events", "settings", "turn", "failure")),
          entry(
              "worker",
              List.of(
                  "audit",
                  "news",
                  "queue",
                  "routing",
                  "decision",
                  "session",
                  "events",
                  "usermessage",
                  "telemetry",
                  "settings",
                  "turn",
                  "failure")),
          entry(
              "http",
              List.of(
                  "intake",
                  "queue",
                  "session",
                  "events",
                  "identity",
                  "usermessage",
                  "settings",
                  "turn",
                  "failure")),
          entry(
              "admin",
              List.of(
                  "http",
                  "drill",
                  "runtimeconfig",
                  "worker",
                  "routing",
                  "decision",
                  "cooldown",
                  "usermessage",
                  "queue",
                  "session",
                  "identity",
                  "audit",
                  "authprofile",
                  "telemetry",
                  "settings",
                  "backend",
                  "livesession",
                  "process",
                  "turn",
                  "failure")));

  /**
   * Awaitility's own limit of ten seconds is too short for a machine that has other things to do.
   */
  @Test
  void testsWaitWithPatience() {
    var tests =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.ONLY_INCLUDE_TESTS)
            .importPackages(ROOT);
    noClasses()
        .that()
        .doNotHaveSimpleName("Patience")
        .should()
        .callMethod("org.awaitility.Awaitility", "await")
        .check(tests);
  }

  @TestFactory
  Stream<DynamicTest> roomsImportOnlyWhatTheMapAllows() {
    return MAY_IMPORT.entrySet().stream()
        .map(
            room ->
                dynamicTest(
                    room.getKey(),
                    () -> {
                      var allowed =
                          Stream.concat(Stream.of(room.getKey()), room.getValue().stream())
                              .map(name -> ROOT + "." + name)
                              .toArray(String[]::new);
                      classes()
                          .that()
                          .resideInAPackage(ROOT + "." + room.getKey())
                          .should()
                          .onlyDependOnClassesThat(
                              resideInAnyPackage(allowed).or(not(resideInAPackage(ROOT + ".."))))
                          .check(CODE);
                    }));
  }

  @Test
  void everyPackageIsARoomOnTheMap() {
    var rooms =
        CODE.stream()
            .map(JavaClass::getPackageName)
            .map(name -> name.substring(ROOT.length() + 1))
            .filter(name -> !name.equals("boot"))
            .distinct()
            .sorted()
            .toList();

    assertEquals(MAY_IMPORT.keySet().stream().sorted().toList(), rooms);
  }

  @Test
  void everyRoomHasItsDoorplate() {
    classes()
        .that()
        .haveSimpleName("package-info")
        .should()
        .beAnnotatedWith(NullMarked.class)
        .check(CODE);
    var without =
        CODE.stream()
            .map(JavaClass::getPackage)
            .distinct()
            .filter(room -> room.tryGetPackageInfo().isEmpty())
            .toList();

    assertEquals(List.of(), without);
  }

  @Test
  void groundRoomsNeedOnlyTheJdk() {
    classes()
        .that()
        .resideInAnyPackage(ROOT + ".turn", ROOT + ".failure", ROOT + ".demo")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("java..", "org.jspecify..", ROOT + "..")
        .check(CODE);
  }

  @Test
  void onlyTheEdgesKnowHttp() {
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT + ".http", ROOT + ".admin", ROOT + ".boot")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("jakarta.ws.rs..")
        .check(CODE);
  }

  @Test
  void onlyTheProcessRoomStartsProcesses() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".process")
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName(ProcessBuilder.class.getName())
        .check(CODE);
  }

  @Test
  void timeComesFromAnInjectedClock() {
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT + ".boot", ROOT + ".demo", ROOT + ".process")
        .should()
        .callMethod(java.time.Instant.class, "now")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(java.time.Clock.class, "systemUTC")
        .check(CODE);
  }

  @Test
  void dependenciesArriveThroughTheConstructor() {
    noFields().should().beAnnotatedWith(jakarta.inject.Inject.class).check(CODE);
  }

  @Test
  void entitiesStayInTheirRoom() {
    classes()
        .that()
        .areAnnotatedWith(jakarta.persistence.Entity.class)
        .should()
        .notBePublic()
        .allowEmptyShould(true)
        .check(CODE);
  }

  @Test
  void outcomesAreSealed() {
    classes()
        .that()
        .haveSimpleNameEndingWith("Result")
        .or()
        .haveSimpleNameEndingWith("Outcome")
        .or()
        .haveSimpleNameEndingWith("Decision")
        .or()
        .haveSimpleNameEndingWith("Signal")
        .or()
        .haveSimpleNameEndingWith("Lookup")
        .should(beSealed())
        .check(CODE);
  }

  @Test
  void endpointMethodsArePublicOrQuarkusIgnoresThem() {
    methods()
        .that()
        .areAnnotatedWith(jakarta.ws.rs.GET.class)
        .or()
        .areAnnotatedWith(jakarta.ws.rs.POST.class)
        .or()
        .areAnnotatedWith(jakarta.ws.rs.PATCH.class)
        .or()
        .areAnnotatedWith(jakarta.ws.rs.DELETE.class)
        .should()
        .bePublic()
        .allowEmptyShould(true)
        .check(CODE);
  }

  @Test
  void namesSayWhatAThingIs() {
    noClasses()
        .should()
        .haveSimpleNameEndingWith("Manager")
        .orShould()
        .haveSimpleNameEndingWith("Helper")
        .orShould()
        .haveSimpleNameEndingWith("Util")
        .orShould()
        .haveSimpleNameEndingWith("Utils")
        .orShould()
        .haveSimpleNameEndingWith("Impl")
        .check(CODE);
  }

  @Test
  void filesStayReadable() throws IOException {
    try (var files = Files.walk(Path.of("src"))) {
      var tooLong =
          files
              .filter(file -> file.toString().endsWith(".java"))
              .filter(file -> lines(file) > 400)
              .map(Path::toString)
              .toList();

      assertTrue(tooLong.isEmpty(), () -> "split by capability: " + tooLong);
    }
  }

  private static long lines(Path file) {
    try (var lines = Files.lines(file)) {
      return lines.count();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static ArchCondition<JavaClass> beSealed() {
    return new ArchCondition<>("be sealed, a record or an enum") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        var reflected = type.reflect();
        var closed = reflected.isSealed() || reflected.isRecord() || reflected.isEnum();
        events.add(new SimpleConditionEvent(type, closed, type.getName() + " is open"));
      }
    };
  }
}
