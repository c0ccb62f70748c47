package dev.turnout.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.failure.FailureReason;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a failure of the model API becomes on its way through each agent CLI: its true reason, after
 * as many requests as an attempt is worth, which is one.
 */
@Tag("real-cli")
@Timeout(120)
class RealCliErrorsIT {
  @TempDir private Path data;
  private @Nullable RealCliFixture open;

  private RealCliFixture start(RealCli cli, Map<String, String> more) {
    open = new RealCliFixture(cli, data, more);
    return open;
  }

  @AfterEach
  void stop() {
    if (open != null) {
      open.close();
    }
  }

  /** The last column is how often one attempt asks the API. */
  @ParameterizedTest
  @CsvSource({
    "e400, invalid_request, 1",
    "e400usage, billing, 1",
    "e400usage2, billing, 1",
    "e400credit, billing, 1",
    "e400toolong, context_overflow, 1",
    "e401, auth_invalid, 1",
    "e402, billing, 1",
    "e403, permission, 1",
    // Once as a stream and once as a document: no switch turns that off.
    "e404, model_not_found, 2",
    "e413, request_too_large, 1",
    "e429, rate_limit, 1",
    "e429 retryAfter=2, rate_limit, 1",
    "e429 retryAfter=3600, rate_limit, 1",
    "e500, server_error, 1",
    "e502, server_error, 1",
    "e503, overloaded, 1",
    "e529, overloaded, 1",
    "sseerror, overloaded, 1",
    "dropnow, network, 1",
    "drop, network, 1",
    "empty, server_error, 1",
    "garbage, server_error, 1",
    // It goes on by itself three times.
    "maxtokens, output_limit, 4",
    // It asks once more by itself.
    "refusal, refusal, 2",
  })
  void claudeTellsTheTruth(String behaviour, String reason, int requests)
      throws InterruptedException {
    tellsTheTruth(RealCli.CLAUDE, behaviour, reason, requests);
  }

  @ParameterizedTest
  @CsvSource({
    "e400, invalid_request",
    "e400usage, billing",
    "e400credit, billing",
    "e400toolong, context_overflow",
    "e401, auth_invalid",
    "e402, billing",
    "e403, permission",
    "e404, model_not_found",
    "e413, request_too_large",
    "e429, rate_limit",
    "e429 retryAfter=2, rate_limit",
    "e429quota, quota_window",
    "e500, server_error",
    "e502, server_error",
    "e503, overloaded",
    "e529, overloaded",
    "sseerror, server_error",
    "dropnow, network",
    "drop, network",
    // It cannot tell an answer without content from a connection that broke.
    "empty, network",
    "garbage, network",
    "maxtokens, output_limit",
    "refusal, content_policy",
  })
  void codexTellsTheTruth(String behaviour, String reason) throws InterruptedException {
    tellsTheTruth(RealCli.CODEX, behaviour, reason, 1);
  }

  @ParameterizedTest
  @CsvSource({
    "e400, invalid_request",
    "e400usage, billing",
    "e400credit, billing",
    "e400toolong, context_overflow",
    "e401, auth_invalid",
    "e402, billing",
    "e403, permission",
    "e404, model_not_found",
    "e413, request_too_large",
    "e429, rate_limit",
    // It takes a wait of more than minutes for the end of a quota.
    "e429 retryAfter=3600, quota_window",
    "e429quota, quota_window",
    "e500, server_error",
    "e502, server_error",
    "e503, overloaded",
    "e529, overloaded",
    "sseerror, server_error",
    "dropnow, network",
    "drop, network",
    "empty, server_error",
    "garbage, server_error",
  })
  void geminiTellsTheTruth(String behaviour, String reason) throws InterruptedException {
    tellsTheTruth(RealCli.GEMINI, behaviour, reason, 1);
  }

  private void tellsTheTruth(RealCli cli, String behaviour, String reason, int requests)
      throws InterruptedException {
    var turnout = start(cli, Map.of());
    turnout.api.otherwise(behaviour);

    var failed = turnout.fail("hello");

    assertEquals(reason, failed.failure().reason().code(), failed::toString);
    // What passes soon is tried once more, by us and visibly; no CLI does so behind our back.
    int attempts = failed.attempts().size();
    assertTrue(attempts <= 2, failed::toString);
    assertEquals(requests * attempts, turnout.api.modelRequests().size());
  }

  @ParameterizedTest
  @EnumSource(RealCli.class)
  void anApiThatIsSilentFromTheStartIsGivenUpBeforeAnyOutput(RealCli cli)
      throws InterruptedException {
    var turnout = start(cli, impatient("6s"));
    turnout.api.otherwise("hang");

    var failed = turnout.fail("hello");

    assertEquals(FailureReason.TIMEOUT_FIRST_OUTPUT, failed.failure().reason());
    assertEquals("", failed.partial());
    assertEquals(1, turnout.api.modelRequests().size());
  }

  @ParameterizedTest
  @EnumSource(value = RealCli.class, names = "CODEX", mode = EnumSource.Mode.EXCLUDE)
  void anApiThatFallsSilentIsGivenUpWithWhatItHadSaid(RealCli cli) throws InterruptedException {
    var turnout = start(cli, impatient("6s"));
    turnout.api.otherwise("stall");

    var failed = turnout.fail("hello");

    assertEquals(FailureReason.TIMEOUT_IDLE, failed.failure().reason());
    assertTrue(failed.partial().startsWith("FAKE-OK"), failed::partial);
    assertEquals(1, turnout.api.modelRequests().size());
  }

  @ParameterizedTest
  @EnumSource(RealCli.class)
  void anApiThatIsNotThereIsANetworkFailure(RealCli cli) throws InterruptedException {
    var turnout = start(cli, Map.of());
    turnout.api.close();

    assertEquals(FailureReason.NETWORK, turnout.fail("hello").failure().reason());
  }

  @ParameterizedTest
  @EnumSource(RealCli.class)
  void aKeyThatIsNotThereIsNoFailureOfTheProvider(RealCli cli) throws InterruptedException {
    var turnout = start(cli, Map.of("turnout.auth-profiles.key.secret", "file:/nowhere/key"));

    var failure = turnout.fail("hello").failure();

    assertEquals(FailureReason.BACKEND_CONFIG_MISSING, failure.reason(), failure::toString);
    assertEquals(0, turnout.api.log().size());
  }

  @Test
  void claudePassesTheEndOfASubscriptionsWindowOn() throws InterruptedException {
    var turnout = start(RealCli.CLAUDE, Map.of("turnout.auth-profiles.key.kind", "subscription"));
    turnout.api.otherwise("e429 unified=1");
    // The window is a point of the real time, as is all that a CLI says of time.
    turnout.replica.clock.advance(Duration.between(turnout.replica.clock.instant(), Instant.now()));

    var failure = turnout.fail("hello").failure();

    assertEquals(FailureReason.QUOTA_WINDOW, failure.reason(), failure::toString);
    // The fake's window ends within an hour.
    var left = Duration.between(Instant.now(), failure.retryAt().orElseThrow());
    assertTrue(left.toMinutes() > 50 && left.toMinutes() <= 60, left::toString);
  }

  @Test
  void geminiPassesTheWaitingTimeOn() throws InterruptedException {
    var turnout = start(RealCli.GEMINI, Map.of());
    turnout.api.otherwise("e429 retryAfter=30");

    assertEquals(
        Optional.of(turnout.replica.clock.instant().plusSeconds(30)),
        turnout.fail("hello").failure().retryAt());
  }

  /** Longer than the CLIs need to start on a busy machine. */
  private static Map<String, String> impatient(String time) {
    return Map.of(
        "turnout.backends.cli.limits.first-output", time, "turnout.backends.cli.limits.idle", time);
  }
}
