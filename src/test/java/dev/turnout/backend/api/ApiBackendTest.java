package dev.turnout.backend.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.turnout.authprofile.AuthProfiles;
import dev.turnout.backend.AttemptRequest;
import dev.turnout.backend.AttemptResult;
import dev.turnout.backend.AttemptResult.Aborted;
import dev.turnout.backend.AttemptResult.Answered;
import dev.turnout.backend.AttemptResult.Failed;
import dev.turnout.backend.BackendEvent;
import dev.turnout.failure.FailureSignal;
import dev.turnout.failure.FailureSignal.HttpRejected;
import dev.turnout.failure.FailureSignal.TimedOut.Limit;
import dev.turnout.settings.AuthProfileSettings;
import dev.turnout.settings.AuthProfileSettings.CredentialKind;
import dev.turnout.settings.AuthProfileSettings.SecretRef;
import dev.turnout.settings.BackendSettings;
import dev.turnout.settings.BackendSettings.ApiDialect;
import dev.turnout.settings.BackendSettings.TimeLimits;
import dev.turnout.settings.Settings;
import dev.turnout.testing.FakeModelApi;
import dev.turnout.testing.TestSettings;
import dev.turnout.turn.AuthProfileId;
import dev.turnout.turn.BackendId;
import dev.turnout.turn.Candidate;
import dev.turnout.turn.Exchange;
import dev.turnout.turn.SessionId;
import dev.turnout.turn.TurnId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Model APIs through their official SDKs, against a server that speaks as they do. */
@Timeout(60)
class ApiBackendTest {
  private static final TimeLimits PATIENT = TestSettings.LIMITS;

  private final FakeModelApi api = FakeModelApi.start();
  private final List<BackendEvent> events = new CopyOnWriteArrayList<>();
  private CredentialKind kind = CredentialKind.API_KEY;
  private Optional<String> profile = Optional.of("paid");
  private Optional<String> systemPrompt = Optional.empty();
  private List<Exchange> history = List.of();
  private long maxOutputBytes = 1 << 20;

  @AfterEach
  void stop() {
    api.close();
  }

  private URI address(ApiDialect dialect) {
    return switch (dialect) {
      case ANTHROPIC -> api.uri();
      case OPENAI -> api.v1();
    };
  }

  private AttemptResult ask(ApiDialect dialect, TimeLimits limits, String prompt) {
    return ask(dialect, address(dialect), limits, prompt);
  }

  private AttemptResult ask(ApiDialect dialect, URI address, TimeLimits limits, String prompt) {
    var settings =
        new BackendSettings.Api(
            new BackendId("api"),
            dialect,
            Optional.of(address),
            Optional.of("usual-model"),
            1024,
            maxOutputBytes,
            limits);
    return new ApiBackendProvider(profiles())
        .open(settings)
        .orElseThrow()
        .attempt(
            new AttemptRequest(
                new TurnId(UUID.randomUUID()),
                new SessionId(1),
                new Candidate(settings.id(), Optional.empty(), profile.map(AuthProfileId::new)),
                prompt,
                systemPrompt,
                history,
                Optional.empty(),
                Optional.empty()),
            events::add);
  }

  private AuthProfiles profiles() {
    var id = new AuthProfileId("paid");
    var paid =
        new AuthProfileSettings(
            id, "any", kind, Optional.of(new SecretRef.Environment("KEY")), Optional.empty());
    var none = TestSettings.settings(List.of(), 1);
    var settings =
        new Settings(
            1,
            none.defaultAgent(),
            none.agents(),
            none.backends(),
            Map.of(id, paid),
            none.lanes(),
            none.queue());
    return new AuthProfiles(
        () -> settings, name -> Optional.of(FakeModelApi.KEY).filter(k -> name.equals("KEY")));
  }

  private static FailureSignal signal(AttemptResult result) {
    return assertInstanceOf(Failed.class, result).signal();
  }

  private static TimeLimits limits(Duration firstOutput, Duration idle, Duration total) {
    return new TimeLimits(Duration.ofSeconds(5), firstOutput, idle, total);
  }

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
  @CsvSource({
    "ANTHROPIC, e401, 401, authentication_error,",
    "ANTHROPIC, e402, 402, billing_error,",
    "ANTHROPIC, e400credit, 400, invalid_request_error,",
    "ANTHROPIC, e404, 404, not_found_error,",
    "ANTHROPIC, e413, 413, request_too_large,",
    "ANTHROPIC, e429, 429, rate_limit_error,",
    "ANTHROPIC, e500, 500, api_error,",
    "ANTHROPIC, e502, 502,,",
    "ANTHROPIC, e529, 529, overloaded_error,",
    "ANTHROPIC, sseerror, 200, overloaded_error,",
    "OPENAI, e401, 401, invalid_request_error, invalid_api_key",
    "OPENAI, e402, 402, billing_error, payment_required",
    "OPENAI, e400toolong, 400, invalid_request_error, context_length_exceeded",
    "OPENAI, e404, 404, invalid_request_error, model_not_found",
    "OPENAI, e429, 429, requests, rate_limit_exceeded",
    "OPENAI, e429quota, 429, usage_limit_reached, insufficient_quota",
    "OPENAI, e500, 500, server_error,",
    "OPENAI, e502, 502,,",
    "OPENAI, sseerror, 200, overloaded_error, overloaded_error"
  })
  void anErrorIsReportedAsTheApiSaidItAfterOneRequest(
      ApiDialect dialect, String behaviour, int status, String type, String code) {
    var result = ask(dialect, PATIENT, "[[fake:" + behaviour + "]]");

    var rejected = assertInstanceOf(HttpRejected.class, signal(result));
    assertEquals(status, rejected.status());
    assertEquals(Optional.ofNullable(type), rejected.type());
    assertEquals(Optional.ofNullable(code), rejected.code());
    assertFalse(rejected.message().isBlank());
    assertEquals(1, api.modelRequests().size());
  }

  @ParameterizedTest
  @EnumSource
  void whenToComeBackIsKept(ApiDialect dialect) {
    var result = ask(dialect, PATIENT, "[[fake:e429 retryAfter=17]]");

    var rejected = assertInstanceOf(HttpRejected.class, signal(result));
    assertEquals("17", rejected.headers().get("retry-after"));
    assertEquals(1, api.modelRequests().size());
  }

  @ParameterizedTest
  @EnumSource
  void aPageInPlaceOfAStreamIsNoAnswer(ApiDialect dialect) {
    var result = ask(dialect, PATIENT, "[[fake:garbage]]");

    assertInstanceOf(FailureSignal.ProtocolBroken.class, signal(result));
  }

  @ParameterizedTest
  @EnumSource
  void nothingAtAllIsNoAnswer(ApiDialect dialect) {
    assertInstanceOf(
        FailureSignal.Unreachable.class, signal(ask(dialect, PATIENT, "[[fake:empty]]")));
    assertEquals(List.of(), events);
  }

  @ParameterizedTest
  @CsvSource({"ANTHROPIC, drop", "OPENAI, drop", "ANTHROPIC, dropnow", "OPENAI, dropnow"})
  void aConnectionThatBreaksIsUnreachableAndNotAskedAgain(ApiDialect dialect, String behaviour) {
    var result = ask(dialect, PATIENT, "[[fake:" + behaviour + "]]");

    assertInstanceOf(FailureSignal.Unreachable.class, signal(result));
    assertEquals(1, api.modelRequests().size());
  }

  @ParameterizedTest
  @EnumSource
  void nobodyListeningIsUnreachable(ApiDialect dialect) {
    var result = ask(dialect, URI.create("http://127.0.0.1:1"), PATIENT, "hello");

    assertInstanceOf(FailureSignal.Unreachable.class, signal(result));
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
  void aRefusalIsNoAnswer(ApiDialect dialect) {
    assertInstanceOf(
        FailureSignal.Refused.class, signal(ask(dialect, PATIENT, "[[fake:refusal]]")));
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
    Awaitility.await().until(() -> !events.isEmpty());

    caller.interrupt();
    caller.join();

    assertInstanceOf(Aborted.class, result.get());
    Awaitility.await().until(() -> api.openConnections() == 0);
  }

  /** Anthropic's SDK leaves no way to forbid it; see the decision on components. */
  @Test
  void aRedirectIsNotFollowedForItWouldCarryTheKey() throws IOException {
    var led = new AtomicInteger();
    var elsewhere = server(307, "", led);
    var here =
        server(307, "http://127.0.0.1:" + elsewhere.getAddress().getPort(), new AtomicInteger());
    try {
      var address = URI.create("http://127.0.0.1:" + here.getAddress().getPort());

      var rejected =
          assertInstanceOf(
              HttpRejected.class, signal(ask(ApiDialect.OPENAI, address, PATIENT, "x")));

      assertEquals(307, rejected.status());
      assertEquals(0, led.get());
    } finally {
      here.stop(0);
      elsewhere.stop(0);
    }
  }

  private static HttpServer server(int status, String location, AtomicInteger calls)
      throws IOException {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          calls.incrementAndGet();
          exchange.getResponseHeaders().add("location", location);
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    server.start();
    return server;
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
  void aKeyThatTheApiEchoesIsNotInTheSignal(ApiDialect dialect) {
    var result = ask(dialect, PATIENT, "[[fake:e401 message=bad+key+" + FakeModelApi.KEY + "]]");

    var rejected = assertInstanceOf(HttpRejected.class, signal(result));
    assertFalse(rejected.toString().contains(FakeModelApi.KEY), rejected.toString());
    assertTrue(rejected.message().contains("[redacted]"), rejected.toString());
  }

  @ParameterizedTest
  @EnumSource
  void aTokenIsABearer(ApiDialect dialect) {
    kind = CredentialKind.TOKEN;

    assertInstanceOf(Answered.class, ask(dialect, PATIENT, "hello"));

    assertEquals(List.of("authorization"), api.modelRequests().getFirst().credentials());
  }
}
