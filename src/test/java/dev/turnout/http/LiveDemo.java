package dev.turnout.http;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.turnout.authprofile.AuthProfiles;
import dev.turnout.backend.AttemptRequest;
import dev.turnout.backend.AttemptResult;
import dev.turnout.backend.cli.CliBackendProvider;
import dev.turnout.livesession.LiveSessions;
import dev.turnout.livesession.OwnerLedger;
import dev.turnout.settings.CurrentSettings;
import dev.turnout.testing.TestSettings;
import dev.turnout.turn.BackendId;
import dev.turnout.turn.Candidate;
import dev.turnout.turn.SessionId;
import dev.turnout.turn.TurnId;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Living processes of an application whose backends are otherwise scripted. */
final class LiveDemo {
  private LiveDemo() {}

  /** A process of the demo agent that has had one turn; its id and its pid. */
  static long start(
      long session,
      CurrentSettings settings,
      OwnerLedger ledger,
      LiveSessions sessions,
      String data) {
    var none = TestSettings.settings(List.of(), 1);
    var profiles = new AuthProfiles(() -> none, _ -> Optional.empty());
    var demo = new BackendId("demo");
    var request =
        new AttemptRequest(
            new TurnId(UUID.randomUUID()),
            new SessionId(session),
            new Candidate(demo, Optional.empty(), Optional.empty()),
            "hello",
            Optional.empty(),
            List.of(),
            Optional.empty(),
            Optional.empty());
    var result =
        new CliBackendProvider(profiles, ledger, sessions, data)
            .open(settings.snapshot().backend(demo).orElseThrow())
            .orElseThrow()
            .attempt(request, _ -> {});
    assertInstanceOf(AttemptResult.Answered.class, result, result::toString);
    return sessions.list().stream()
        .filter(view -> view.key().session().value() == session)
        .flatMap(view -> view.pid().stream())
        .findFirst()
        .orElseThrow();
  }
}
