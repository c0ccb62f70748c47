package dev.turnout.events;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.turnout.failure.Failure;
import dev.turnout.failure.FailureReason;
import dev.turnout.turn.Answer;
import dev.turnout.turn.Attempt;
import dev.turnout.turn.BackendId;
import dev.turnout.turn.Candidate;
import dev.turnout.turn.TurnId;
import dev.turnout.turn.Usage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is stored of a turn's life is what clients are told, and stays readable. */
class TurnEventJsonTest {
  private static final Candidate CANDIDATE =
      new Candidate(new BackendId("claude"), Optional.of("opus"), Optional.empty());
  private static final Failure FAILURE =
      new Failure(
          FailureReason.RATE_LIMIT,
          "http.429",
          "The provider asks to wait.",
          Optional.of(Instant.parse("2026-01-31T08:00:00Z")),
          Optional.empty(),
          Optional.empty());
  private static final Attempt ATTEMPT =
      new Attempt(
          CANDIDATE,
          Optional.of("cli"),
          Instant.parse("2026-01-31T07:59:00Z"),
          Duration.ofMillis(1_500),
          Optional.of(FAILURE),
          false,
          false);
  private static final Usage USAGE =
      new Usage(OptionalLong.of(12), OptionalLong.of(3), OptionalLong.empty());

  static Stream<TurnEvent> events() {
    var by = Optional.of(new TurnId(new UUID(7L << 12, 1L << 63)));
    return Stream.of(
        new TurnEvent.Accepted(),
        new TurnEvent.Started(2, 7),
        new TurnEvent.AttemptStarted(CANDIDATE, "cli"),
        new TurnEvent.AttemptFailed(CANDIDATE, FAILURE),
        new TurnEvent.AttemptSkipped(
            CANDIDATE, FailureReason.BILLING, "http.402", Optional.of(Instant.EPOCH)),
        new TurnEvent.AttemptSkipped(
            CANDIDATE,
            FailureReason.BACKEND_CONFIG_MISSING,
            "config.profile_disabled",
            Optional.empty()),
        new TurnEvent.AttemptRetried(CANDIDATE, FailureReason.OVERLOADED, 750),
        new TurnEvent.Restarted(CANDIDATE, FailureReason.SERVER_ERROR, true),
        new TurnEvent.Succeeded(new Answer("yes", USAGE), List.of(ATTEMPT.madeVoid()), 7),
        new TurnEvent.Output("line\nbreak"),
        new TurnEvent.ToolStarted(Optional.of("call-1"), "Bash", "{}"),
        new TurnEvent.ToolEnded(Optional.empty(), true, ""),
        new TurnEvent.Notice("told"),
        new TurnEvent.GivenBack("drained"),
        new TurnEvent.Succeeded(new Answer("yes", USAGE), List.of(ATTEMPT), 7),
        new TurnEvent.Succeeded(new Answer("yes", Usage.UNKNOWN), List.of(ATTEMPT), 7),
        new TurnEvent.Failed(
            FAILURE, List.of(ATTEMPT), "half", 7, Optional.of(Map.of("en", "Try again later."))),
        new TurnEvent.Cancelled(by, List.of(), ""),
        new TurnEvent.Cancelled(Optional.empty(), List.of(ATTEMPT), ""),
        new TurnEvent.Expired(),
        new TurnEvent.Dropped(by));
  }

  @ParameterizedTest
  @MethodSource("events")
  void anEventIsReadAsItWasWritten(TurnEvent event) {
    assertEquals(event, TurnEventJson.read(TurnEventJson.kind(event), TurnEventJson.write(event)));
  }

  @Test
  void anEventHasItsComponentsAndNothingElse() {
    assertEquals("{\"text\":\"hi\"}", TurnEventJson.write(new TurnEvent.Output("hi")));
    assertEquals("{}", TurnEventJson.write(new TurnEvent.Expired()));
  }

  @Test
  void durationsAreWholeMilliseconds() {
    assertEquals(
        "{\"answer\":{\"text\":\"yes\",\"usage\":{\"inputTokens\":12,\"outputTokens\":3}},"
            + "\"attempts\":[{\"candidate\":{\"backend\":\"claude\",\"model\":\"opus\"},"
            + "\"runtime\":\"cli\",\"startedAt\":\"2026-01-31T07:59:00Z\",\"tookMs\":1500,"
            + "\"failure\":{\"reason\":\"rate_limit\",\"rule\":\"http.429\","
            + "\"summary\":\"The provider asks to wait.\",\"retryAt\":\"2026-01-31T08:00:00Z\"}}],"
            + "\"configRevision\":7}",
        TurnEventJson.write(
            new TurnEvent.Succeeded(new Answer("yes", USAGE), List.of(ATTEMPT), 7)));
  }

  @Test
  void anUnknownUsageIsLeftOut() {
    assertEquals(
        "{\"answer\":{\"text\":\"yes\"},\"attempts\":[],\"configRevision\":1}",
        TurnEventJson.write(
            new TurnEvent.Succeeded(new Answer("yes", Usage.UNKNOWN), List.of(), 1)));
  }

  @Test
  void anEventThatAnEarlierVersionStoredIsStillRead() {
    var old =
        "{\"answer\":{\"text\":\"yes\",\"usage\":{}},\"attempts\":[{\"candidate\":{\"backend\":"
            + "\"claude\",\"model\":\"opus\"},\"runtime\":\"cli\",\"startedAt\":"
            + "\"2026-01-31T07:59:00Z\",\"took\":\"PT1.5S\",\"failure\":{\"reason\":\"rate_limit\","
            + "\"rule\":\"http.429\",\"summary\":\"The provider asks to wait.\","
            + "\"retryAt\":\"2026-01-31T08:00:00Z\"}}],\"configRevision\":7,\"effect\":false}";

    assertEquals(
        new TurnEvent.Succeeded(new Answer("yes", Usage.UNKNOWN), List.of(ATTEMPT), 7),
        TurnEventJson.read("succeeded", old));
  }
}
