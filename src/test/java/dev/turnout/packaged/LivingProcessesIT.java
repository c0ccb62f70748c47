package dev.turnout.packaged;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turnout.testing.Patience;
import dev.turnout.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Processes that live between turns, under a Turnout that is killed, and under one that is not. */
@Timeout(600)
class LivingProcessesIT {
  private static final int SESSIONS = 10;

  @TempDir private Path data;

  /** What each agent has forked: see {@link #configure}. */
  private static final int CHILDREN = 3;

  /**
   * The demo agent, each with children as the programs of tools are: one holds its pipes open, one
   * ignores SIGTERM in a session of its own, and one has left its parents besides.
   */
  private void configure() throws IOException {
    Files.writeString(
        data.resolve("turnout.yaml"),
        """
        turnout:
          default-agent: demo
          lanes:
            user:
              width: 16
          agents:
            demo:
              chain:
                - backend: keeper
          backends:
            keeper:
              kind: demo
              command: bash
              args:
                - "-c"
                - >-
                  sleep 300 &
                  (trap "" TERM HUP; exec setsid sleep 301) &
                  (trap "" TERM HUP; setsid --fork sleep 302 < /dev/null > /dev/null 2>&1);
                  exec %s -Xmx32m -cp %s dev.turnout.demo.DemoAgent "$@"
                - keeper
              new-session-args: ["--session", "{session}"]
              resume-args: ["--session", "{session}", "--resume"]
              live:
                capacity: %d
        """
            .formatted(
                Path.of(System.getProperty("java.home"), "bin", "java"),
                Path.of("target/classes").toAbsolutePath(),
                SESSIONS));
  }

  private static String says(String prompt, String more) {
    return "{\"input\":{\"text\":\"%s\"}%s}".formatted(prompt.replace("\n", "\\n"), more);
  }

  private static String session(int number) {
    return "s" + number;
  }

  /** Of what lives. */
  private static List<JsonNode> living(PackagedTurnout turnout)
      throws IOException, InterruptedException {
    var items = turnout.get("/admin/v1/live-sessions").path("items");
    return StreamSupport.stream(items.spliterator(), false)
        .filter(item -> !item.path("state").asText().equals("closed"))
        .toList();
  }

  private static List<Path> files(List<JsonNode> processes) {
    return processes.stream()
        .flatMap(item -> StreamSupport.stream(item.path("resources").spliterator(), false))
        .filter(resource -> !resource.path("kept").asBoolean())
        .map(resource -> Path.of(resource.path("name").asText()))
        .toList();
  }

  /** Agents and all that they forked, whoever has adopted it: they work in this directory. */
  private Set<ProcessHandle> processes() {
    return ProcessHandle.allProcesses().filter(this::worksHere).collect(Collectors.toSet());
  }

  private boolean worksHere(ProcessHandle process) {
    try {
      var directory = Path.of("/proc", Long.toString(process.pid()), "cwd");
      return Files.readSymbolicLink(directory).startsWith(data.resolve("sessions"));
    } catch (IOException e) {
      return false; // It has ended meanwhile, or is not ours.
    }
  }

  /** Who has ended and was not fetched by its new parent yet is a name in a table. */
  private static boolean runs(ProcessHandle process) {
    try {
      var stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
      return process.isAlive() && stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
    } catch (IOException e) {
      return false;
    }
  }

  private Set<String> owners() throws IOException {
    try (var files = Files.list(data.resolve("owners"))) {
      return new HashSet<>(files.map(file -> file.getFileName().toString()).toList());
    }
  }

  @Test
  void nothingOfAKilledTurnoutLivesOnAndSessionsGoOn() throws IOException, InterruptedException {
    configure();
    var turns = new LinkedHashMap<String, String>();
    Set<ProcessHandle> trees;
    List<Path> files;
    Set<String> owners;
    try (var database = TestDatabase.fresh()) {
      try (var first = PackagedTurnout.start(database, data)) {
        greet(first);
        submitRest(first, turns);
        var processes = living(first);
        assertEquals(SESSIONS, processes.size());
        trees = processes();
        files = files(processes);
        owners = owners();
        first.kill();
      }
      assertEquals((1 + CHILDREN) * SESSIONS, trees.size());
      assertTrue(trees.stream().anyMatch(LivingProcessesIT::runs), "killed alone");
      assertTrue(files.size() >= SESSIONS && files.stream().allMatch(Files::exists));
      try (var second = PackagedTurnout.start(database, data)) {
        assertEquals(List.of(), trees.stream().filter(LivingProcessesIT::runs).toList());
        assertEquals(List.of(), files.stream().filter(Files::exists).toList());
        checkEnds(second, turns);
        owners.retainAll(owners());
        assertEquals(Set.of(), owners);
        second.stop();
      }
      assertEquals(Set.of(), owners());
      assertEquals(Set.of(), processes());
      assertEquals(List.of(), temporary());
    }
  }

  /** What sessions have in their directories for processes. */
  private List<Path> temporary() throws IOException {
    try (var all = Files.walk(data.resolve("sessions"), 3)) {
      return all.filter(path -> path.getParent().endsWith("tmp")).toList();
    }
  }

  private static void greet(PackagedTurnout turnout) throws IOException, InterruptedException {
    for (int s = 0; s < SESSIONS; s++) {
      var turn = turnout.submit(session(s), says("hello from " + session(s), ""));
      assertEquals("succeeded", turnout.awaitEnd(turn).path("state").asText());
    }
  }

  /** Five run a tool, three work and have said nothing yet, two wait; then each is asked more. */
  private static void submitRest(PackagedTurnout turnout, Map<String, String> turns)
      throws IOException, InterruptedException {
    for (int s = 0; s < 5; s++) {
      turns.put("tool " + s, turnout.submit(session(s), says("tool look\nsleep 300", "")));
    }
    for (int s = 0; s < 5; s++) {
      turnout.awaitEvent(turns.get("tool " + s), "tool_started");
    }
    for (int s = 5; s < 8; s++) {
      turns.put("quiet " + s, turnout.submit(session(s), says("sleep 10", "")));
    }
    for (int s = 0; s < 8; s++) {
      turns.put("recall " + s, turnout.submit(session(s), says("recall", "")));
    }
    for (int s = 5; s < 8; s++) {
      turnout.awaitEvent(turns.get("quiet " + s), "attempt_started");
    }
  }

  private static void checkEnds(PackagedTurnout turnout, Map<String, String> turns)
      throws IOException, InterruptedException {
    for (int s = 8; s < SESSIONS; s++) {
      turns.put("recall " + s, turnout.submit(session(s), says("recall", "")));
    }
    for (var turn : turns.entrySet()) {
      var end = turnout.awaitEnd(turn.getValue());
      var state = end.path("state").asText();
      if (turn.getKey().startsWith("tool")) {
        assertEquals("failed", state, turn + ": " + end);
        assertEquals("interrupted", end.at("/failure/reason").asText());
      } else {
        assertEquals("succeeded", state, turn + ": " + end);
      }
      if (turn.getKey().startsWith("recall")) {
        var answer = end.at("/answer/text").asText();
        var asked = "hello from s" + turn.getKey().substring("recall ".length());
        assertTrue(answer.startsWith(asked), answer);
      }
    }
  }

  @Test
  void interruptKeepsTheProcessAndResetEndsIt() throws IOException, InterruptedException {
    configure();
    try (var database = TestDatabase.fresh();
        var turnout = PackagedTurnout.start(database, data)) {
      turnout.awaitEnd(turnout.submit("a", says("hello", "")));
      var pid = living(turnout).getFirst().path("pid").asLong();
      var long1 = turnout.submit("a", says("tool look\nsleep 300", ""));
      turnout.awaitEvent(long1, "tool_started");

      var next = turnout.submit("a", says("recall", ",\"mode\":\"interrupt\""));

      assertTrue(turnout.awaitEnd(next).at("/answer/text").asText().startsWith("hello"));
      var ended = turnout.awaitEnd(long1);
      assertEquals("cancelled", ended.path("state").asText());
      assertEquals(next, ended.path("endedBy").asText());
      assertEquals(List.of(pid), pids(turnout));

      assertEquals(200, turnout.post("/v1/sessions/a/reset", "").statusCode());

      Patience.await().until(() -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
      assertEquals(List.of(), pids(turnout));
      var anew = turnout.awaitEnd(turnout.submit("a", says("recall", "")));
      assertTrue(!anew.at("/answer/text").asText().contains("hello"), anew.toString());
      assertNotEquals(List.of(pid), pids(turnout));
    }
  }

  private static List<Long> pids(PackagedTurnout turnout) throws IOException, InterruptedException {
    return living(turnout).stream().map(item -> item.path("pid").asLong()).toList();
  }
}
