package dev.turnout.backend.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.turnout.failure.FailureSignal;
import dev.turnout.failure.FailureSignal.HttpRejected;
import dev.turnout.settings.BackendSettings.ApiDialect;
import dev.turnout.testing.FakeModelApi;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What model APIs do wrong, told as they did it. */
@Timeout(60)
class ApiErrorsTest extends ApiBackendFixture {
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
  void aRefusalIsNoAnswer(ApiDialect dialect) {
    assertInstanceOf(
        FailureSignal.Refused.class, signal(ask(dialect, PATIENT, "[[fake:refusal]]")));
  }

  @ParameterizedTest
  @EnumSource
  void aRedirectIsNotFollowedForItWouldCarryTheKey(ApiDialect dialect) throws IOException {
    var led = new AtomicInteger();
    var elsewhere = server(307, "", led);
    var here =
        server(307, "http://127.0.0.1:" + elsewhere.getAddress().getPort(), new AtomicInteger());
    try {
      var address = URI.create("http://127.0.0.1:" + here.getAddress().getPort());

      var rejected =
          assertInstanceOf(HttpRejected.class, signal(ask(dialect, address, PATIENT, "x")));

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
  void aKeyThatTheApiEchoesIsNotInTheSignal(ApiDialect dialect) {
    var result = ask(dialect, PATIENT, "[[fake:e401 message=bad+key+" + FakeModelApi.KEY + "]]");

    var rejected = assertInstanceOf(HttpRejected.class, signal(result));
    assertFalse(rejected.toString().contains(FakeModelApi.KEY), rejected.toString());
    assertTrue(rejected.message().contains("[redacted]"), rejected.toString());
  }
}
