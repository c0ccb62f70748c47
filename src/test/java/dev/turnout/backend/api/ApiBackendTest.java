package dev.turnout.backend.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.backend.AttemptResult;
import dev.turnout.backend.AttemptResult.Aborted;
import dev.turnout.backend.AttemptResult.Answered;
import dev.turnout.backend.BackendEvent;
import dev.turnout.failure.FailureSignal;
import dev.turnout.failure.FailureSignal.TimedOut.Limit;
import dev.turnout.settings.AuthProfileSettings.CredentialKind;
import dev.turnout.settings.BackendSettings.ApiDialect;
import dev.turnout.testing.Patience;
import dev.turnout.turn.Exchange;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Answers, limits and credentials of model APIs. */
@Timeout(60)
class ApiBackendTest extends ApiBackendFixture {
  @ParameterizedTest
  @EnumSource
  void theAnswerComesInPiecesAndWhole(ApiDialect dialect) {
    var result = ask(dialect, PATIENT, "[[fake:slow chunks=4 ms=5]]");

    var answer = assertInstanceOf(Answered.class, result).answer();
    var pieces = events.stream().map(e -> ((BackendEvent.Output) e).text()).toList();
    assertTrue(pieces.size() > 1, "streamed in " + pieces);
    assertEquals(answer.text(), String.join("", pieces));
    assertTrue(answer.usage().inputTokens().isPresent());
    assertTrue(answer.usage().outputTokens().orElse(0) > 0);
  }

  @ParameterizedTest
  @EnumSource
  void tokensReadFromTheProvidersCacheAreCounted(ApiDialect dialect) {
    var result = ask(dialect, PATIENT, "[[fake:ok cached=40]]");

    var usage = assertInstanceOf(Answered.class, result).answer().usage();
    assertEquals(OptionalLong.of(40), usage.cachedInputTokens());
  }

  @ParameterizedTest
  @EnumSource
  void theSessionsHistoryAndTheSystemPromptAreSentAlong(ApiDialect dialect) {
    systemPrompt = Optional.of("Speak like a pirate.");
    history = List.of(new Exchange("first question", "first answer"));

    ask(dialect, PATIENT, "second question");

    var request = api.modelRequests().getFirst();
    assertTrue(request.authentic());
    assertEquals("usual-model", request.model());
    assertEquals("second question", request.newestUserText());
    for (var said : List.of("Speak like a pirate.", "first question", "first answer")) {
      assertTrue(request.body().contains(said), said);
    }
    assertTrue(request.body().indexOf("first question") < request.body().indexOf("first answer"));
    assertTrue(request.body().indexOf("first answer") < request.body().indexOf("second question"));
  }

  @ParameterizedTest
  @EnumSource
  void silenceFromTheStartEndsByTheLimitOfTheFirstOutput(ApiDialect dialect) {
    var result =
        ask(
            dialect,
            limits(Duration.ofMillis(300), Duration.ofSeconds(20), Duration.ofSeconds(30)),
            "[[fake:hang]]");

    assertEquals(Limit.FIRST_OUTPUT, ((FailureSignal.TimedOut) signal(result)).limit());
  }

  @ParameterizedTest
  @EnumSource
  void silenceInMidStreamEndsByTheLimitOfIdleness(ApiDialect dialect) {
    var result =
        ask(
            dialect,
            limits(Duration.ofSeconds(20), Duration.ofMillis(300), Duration.ofSeconds(30)),
            "[[fake:stall]]");

    assertEquals(Limit.IDLE, ((FailureSignal.TimedOut) signal(result)).limit());
  }

  @ParameterizedTest
  @EnumSource
  void anEndlessAnswerEndsByTheLimitOfTheWhole(ApiDialect dialect) {
    var result =
        ask(
            dialect,
            limits(Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofMillis(500)),
            "[[fake:slow chunks=200 ms=50]]");

    assertEquals(Limit.TOTAL, ((FailureSignal.TimedOut) signal(result)).limit());
  }

  @ParameterizedTest
  @EnumSource
  void aFloodEndsByTheLimitOfOutput(ApiDialect dialect) {
    maxOutputBytes = 10_000;

    var result = ask(dialect, PATIENT, "[[fake:long chars=1000000]]");

    assertEquals(new FailureSignal.TooMuchOutput(10_000), signal(result));
  }

  @ParameterizedTest
  @EnumSource
  void anAnswerThatWasCutShortIsAnAnswerAndSaysSo(ApiDialect dialect) {
    var result = ask(dialect, PATIENT, "[[fake:maxtokens]]");

    assertInstanceOf(Answered.class, result);
    assertTrue(events.stream().anyMatch(e -> e instanceof BackendEvent.Notice), "" + events);
  }

  @ParameterizedTest
  @EnumSource
  void anInterruptAbortsAndHangsUp(ApiDialect dialect) throws InterruptedException {
    var result = new AtomicReference<AttemptResult>();
    var caller =
        Thread.ofVirtual().start(() -> result.set(ask(dialect, PATIENT, "[[fake:stall]]")));
    Patience.await().until(() -> !events.isEmpty());

    caller.interrupt();
    caller.join();

    assertInstanceOf(Aborted.class, result.get());
    Patience.await().until(() -> api.openConnections() == 0);
  }

  @ParameterizedTest
  @EnumSource
  void withoutAProfileNothingIsAsked(ApiDialect dialect) {
    profile = Optional.empty();

    assertInstanceOf(FailureSignal.ConfigMissing.class, signal(ask(dialect, PATIENT, "hello")));
    assertEquals(0, api.log().size());
  }

  @ParameterizedTest
  @EnumSource
  void aSubscriptionIsNeverUsedAtAModelApi(ApiDialect dialect) {
    kind = CredentialKind.SUBSCRIPTION;

    assertInstanceOf(FailureSignal.ConfigMissing.class, signal(ask(dialect, PATIENT, "hello")));
    assertEquals(0, api.log().size());
  }

  @ParameterizedTest
  @EnumSource
  void aTokenIsABearer(ApiDialect dialect) {
    kind = CredentialKind.TOKEN;

    assertInstanceOf(Answered.class, ask(dialect, PATIENT, "hello"));

    assertEquals(List.of("authorization"), api.modelRequests().getFirst().credentials());
  }
}
