package dev.turnout.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.turnout.events.TurnEvent;
import dev.turnout.settings.Settings;
import dev.turnout.settings.WrittenSettings;
import dev.turnout.testing.ScriptedBackend;
import dev.turnout.testing.TestDatabase;
import dev.turnout.turn.Attempt;
import dev.turnout.turn.AuthProfileId;
import dev.turnout.turn.BackendId;
import dev.turnout.turn.Candidate;
import dev.turnout.turn.RouteChoice;
import dev.turnout.turn.SessionId;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which credential a turn is answered with. */
@Timeout(60)
class ProfilesIT {
  private final ScriptedBackend backend = new ScriptedBackend();
  private final TestDatabase database = TestDatabase.migrated();
  private final Map<String, SessionId> sessions = new HashMap<>();
  private WorkerFixture replica;

  @BeforeEach
  void prepare() {
    replica = new WorkerFixture(database, backend, settings(Map.of()));
  }

  @AfterEach
  void stop() {
    assertEquals(List.of(), replica.q.violations());
    replica.close();
    database.close();
  }

  private static Settings settings(Map<String, String> extra) {
    var written =
        new HashMap<>(
            Map.of(
                "turnout.fallback.retry-budget", "0s",
                "turnout.backends.cli.kind", "claude",
                "turnout.auth-profiles.one.provider", "anthropic",
                "turnout.auth-profiles.two.provider", "anthropic",
                "turnout.auth-profiles.three.provider", "anthropic",
                "turnout.agents.demo.chain[0].backend", "cli",
                "turnout.agents.demo.chain[0].auth-profiles", "one,two",
                "turnout.agents.demo.chain[1].backend", "cli",
                "turnout.agents.demo.chain[1].model", "small",
                "turnout.agents.demo.chain[1].auth-profile", "three"));
    extra.forEach((name, value) -> written.put("turnout." + name, value));
    return WrittenSettings.of(written);
  }

  private void start(Map<String, String> extra) {
    replica.close();
    replica = new WorkerFixture(database, backend, settings(extra)).start(Duration.ofMinutes(5));
  }

  private SessionId session(String key) {
    return sessions.computeIfAbsent(key, replica.q::session);
  }

  private List<Attempt> run(String session, String input) throws InterruptedException {
    return run(session, input, RouteChoice.NONE);
  }

  private List<Attempt> run(String session, String input, RouteChoice choice)
      throws InterruptedException {
    var id = session(session);
    var end = replica.run(WorkerFixture.chosen(replica.q.turn(id, input), choice, "user"));
    return switch (end) {
      case TurnEvent.Succeeded done -> done.attempts();
      case TurnEvent.Failed failed -> failed.attempts();
      default -> throw new AssertionError(end.toString());
    };
  }

  private static List<String> profiles(List<Attempt> attempts) {
    return attempts.stream().map(a -> a.candidate().authProfile().orElseThrow().value()).toList();
  }

  private static Candidate candidate(String backend, String profile) {
    return new Candidate(
        new BackendId(backend), Optional.empty(), Optional.of(new AuthProfileId(profile)));
  }

  private static RouteChoice profile(String name) {
    return RouteChoice.NONE.orProfile(Optional.of(new AuthProfileId(name)));
  }

  @Test
  void aSessionStaysWithTheCredentialThatAnsweredItLast() throws InterruptedException {
    start(Map.of());
    assertEquals(List.of("one", "two"), profiles(run("s", "only one fail 401;ok")));
    replica.clock.advance(Duration.ofMinutes(20));

    // The first one could be asked again, and is by those who were never answered by another.
    assertEquals(List.of("two"), profiles(run("s", "ok")));
    assertEquals(List.of("one"), profiles(run("new", "ok")));

    replica.q.execute("select turnout.reset_session(%d, now())".formatted(session("s").value()));
    assertEquals(List.of("one"), profiles(run("s", "ok")));
  }

  @Test
  void itGoesOnWithAnotherOneOfTheLinkWhenItsOwnRests() throws InterruptedException {
    start(Map.of());
    run("s", "only one fail 401;ok");
    replica.clock.advance(Duration.ofMinutes(20));

    assertEquals(List.of("two", "one"), profiles(run("s", "only two fail 402;ok")));
    assertEquals(List.of("one"), profiles(run("s", "ok")));
  }

  @Test
  void anotherOrderOfTheOperatorHoldsForNewSessions() throws InterruptedException {
    start(Map.of());
    assertEquals(List.of("one"), profiles(run("old", "ok")));

    start(Map.of("agents.demo.chain[0].auth-profiles", "two,one"));
    assertEquals(List.of("one"), profiles(run("old", "ok")));
    assertEquals(List.of("two"), profiles(run("new", "ok")));
  }

  @Test
  void aTurnBeginsWithTheFirstLinkHoweverTheLastOneEnded() throws InterruptedException {
    start(Map.of());
    assertEquals(
        List.of("one", "two", "three"),
        profiles(run("s", "only one fail 529;only two fail 529;ok")).stream().distinct().toList());

    assertEquals(List.of("one"), profiles(run("s", "ok")));
  }

  @Test
  void aChosenCredentialIsTheOnlyOne() throws InterruptedException {
    start(Map.of());

    assertEquals(List.of("two"), profiles(run("s", "ok", profile("two"))));
    var failed = run("s", "only two fail 402;ok", profile("two"));
    assertEquals(List.of("two"), profiles(failed));
    // And it is no choice of the session: the next turn is as before, but for the warm cache.
    assertEquals(List.of("one"), profiles(run("t", "ok")));
  }

  @Test
  void aDisabledCredentialIsSkippedAndToldAsSuch() throws InterruptedException {
    start(Map.of("auth-profiles.one.enabled", "false"));

    var attempts = run("s", "ok");

    assertEquals(List.of("one", "two"), profiles(attempts));
    assertEquals(List.of(true, false), attempts.stream().map(Attempt::skipped).toList());
    assertEquals("config.profile_disabled", attempts.getFirst().failure().orElseThrow().rule());
    assertEquals(1, backend.requests.size());
  }

  @Test
  void aCredentialThatIsNoLongerForThisRuntimeFailsClosed() throws InterruptedException {
    start(Map.of("auth-profiles.other.provider", "x", "auth-profiles.other.runtimes", "api"));
    var chain =
        new RouteChoice(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of(candidate("cli", "other"), candidate("cli", "one")));

    var attempts = run("s", "ok", chain);

    assertEquals(List.of("other"), profiles(attempts));
    assertEquals("config.profile_runtime", attempts.getFirst().failure().orElseThrow().rule());
    assertEquals(List.of(), backend.requests);
  }

  @Test
  void whatWasChosenOutlivesTheReplicaThatAcceptedIt() throws InterruptedException {
    var chain =
        new RouteChoice(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of(candidate("cli", "three"), candidate("cli", "two")));
    var waiting =
        replica.submit(
            WorkerFixture.chosen(
                replica.q.turn(session("s"), "only three fail 401;ok"), chain, "user"));
    assertEquals(chain, replica.q.view(waiting).choice());

    replica.start(Duration.ofMinutes(5));

    var done = assertInstanceOf(TurnEvent.Succeeded.class, replica.end(waiting));
    assertEquals(List.of("three", "two"), profiles(done.attempts()));
    var pinned =
        new RouteChoice(
            Optional.of("m"),
            Optional.of(new BackendId("cli")),
            Optional.of(new AuthProfileId("two")),
            List.of());
    run("s", "ok", pinned);
    assertEquals("cli/m as two", backend.requests.getLast().candidate().toString());
  }
}
