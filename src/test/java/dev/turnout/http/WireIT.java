package dev.turnout.http;

import static dev.turnout.http.Api.admin;
import static dev.turnout.http.Api.newSession;
import static dev.turnout.http.Api.says;
import static dev.turnout.http.Api.submit;
import static dev.turnout.http.RawHttp.head;
import static dev.turnout.http.RawHttp.submission;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What no client library sends: requests with two ends, broken lines, and endless beginnings. */
@QuarkusTest
@TestProfile(FuzzedApplication.class)
@Timeout(120)
class WireIT {
  private static final String JSON = "Content-Type: application/json\r\n";

  @AfterEach
  void leaveNothing() {
    Api.endEverything();
  }

  private static boolean exists(String session) {
    return admin().get("/v1/sessions/" + session).statusCode() == 200;
  }

  /** Each is followed by a request that must never be taken for one. */
  static Stream<String> requestsWithTwoEnds() {
    var post = head("POST", "/v1/sessions/SESSION/turns") + JSON;
    return Stream.of(
        post + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        post + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
        post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
        post + "Transfer-Encoding: identity, chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
        post + "Content-Length: 4\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        post + "Content-Length: 4\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        post + "Content-Length: 4\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        post + "Content-Length: 2\r\nContent-Length: 0\r\n\r\n{}",
        post + "Content-Length: 2, 0\r\n\r\n{}",
        post + "Content-Length: +2\r\n\r\n{}",
        post + "Content-Length: -1\r\n\r\n",
        post + "Content-Length: 0x2\r\n\r\n{}",
        post + "Content-Length : 0\r\n\r\n",
        post + "Content-Length: 99999999999999999999\r\n\r\n",
        post + "Transfer-Encoding: chunked\r\n\r\nx\r\n{}\r\n0\r\n\r\n",
        post + "Transfer-Encoding: chunked\r\n\r\n-2\r\n{}\r\n0\r\n\r\n",
        post + "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n{}\r\n0\r\n\r\n",
        post + "Transfer-Encoding: chunked\r\n\r\n2;a=\"\r\n{}\r\n0\r\n\r\n",
        post + "Transfer-Encoding: chunked\r\n\r\n2\n{}\n0\n\n",
        post + "Transfer-Encoding: chunked\r\n\r\n0\r\nX: \u0000\r\n\r\n",
        head("POST", "/v1/sessions/SESSION/turns").replace("/1.1", "/1.0")
            + "Transfer-Encoding: chunked\r\nConnection: keep-alive\r\n\r\n0\r\n\r\n");
  }

  @ParameterizedTest
  @MethodSource("requestsWithTwoEnds")
  void nothingBehindARequestWithTwoEndsIsExecuted(String request) throws IOException {
    var session = newSession();
    var smuggled = newSession();
    try (var wire = new RawHttp()) {
      var sent = request.replace("SESSION", session) + submission(smuggled);

      var answered = wire.send(sent).untilClosed();

      assertTrue(RawHttp.answers(answered) <= 1, answered);
      assertTrue(RawHttp.status(answered) < 500, answered);
    }
    assertFalse(exists(smuggled), "the second request was executed");
  }

  @Test
  void aBodyInChunksIsTakenAndItsConnectionEnds() throws IOException {
    var session = newSession();
    var smuggled = newSession();
    var body = says("ok");
    try (var wire = new RawHttp()) {
      var answered =
          wire.send(head("POST", "/v1/sessions/" + session + "/turns"))
              .send(JSON + "Transfer-Encoding: chunked\r\n\r\n")
              .send(Integer.toHexString(body.length()) + "\r\n" + body + "\r\n0\r\n\r\n")
              .send(submission(smuggled))
              .untilClosed();

      assertEquals(202, RawHttp.status(answered));
      assertEquals(1, RawHttp.answers(answered));
      assertTrue(answered.toLowerCase(java.util.Locale.ROOT).contains("connection: close"));
    }
    assertTrue(exists(session));
    assertFalse(exists(smuggled));
  }

  /** Lines that one side of a proxy may read otherwise than the other. */
  static Stream<String> brokenLines() {
    var get = head("GET", "/v1/turns");
    return Stream.of(
        get + "X-Folded: a\r\n  b\r\n\r\n",
        get + "X-Nul: a\u0000b\r\n\r\n",
        get + "X\u0000Nul: a\r\n\r\n",
        get + "X-Cr: a\rb\r\n\r\n",
        get + "X-Cr: a\rSet-Cookie: b\r\n\r\n",
        get + ": a\r\n\r\n",
        get + "no colon at all\r\n\r\n",
        get + "X Space: a\r\n\r\n",
        get + "X-Bell: \u0007\r\n\r\n",
        get.replace("HTTP/1.1", "HTTP/9.9") + "\r\n",
        get.replace("HTTP/1.1", "HTTX/1.1") + "\r\n",
        get.replace("GET", "G\u0000T") + "\r\n",
        get.replace("/v1/turns", "/v1/turns\u0000") + "\r\n",
        get.replace("/v1/turns", "/v1/turns\u0007") + "\r\n",
        get.replace("/v1/turns", "http://[::1/v1/turns") + "\r\n",
        get.replace("/v1/turns", "*") + "\r\n",
        get.replace("/v1/turns", "//v1/turns") + "\r\n",
        get.replace("/v1/turns", "/v1/%zz") + "\r\n",
        "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
  }

  @ParameterizedTest
  @MethodSource("brokenLines")
  void aBrokenLineIsAnsweredOrItsConnectionClosed(String request) throws IOException {
    try (var wire = new RawHttp()) {
      // The bare end makes a good request of what follows, so that whoever answers comes to an end.
      var answered =
          wire.send(request)
              .send(head("GET", "/v1/nothing") + "Connection: close\r\n\r\n")
              .untilClosed();

      assertFalse(answered.contains("Set-Cookie"), answered);
      assertTrue(RawHttp.status(answered) < 500, answered);
    }
  }

  @Test
  void whatIsGivenBackOfARequestCannotEndALine() throws IOException {
    var session = newSession();
    try (var wire = new RawHttp()) {
      var answered =
          wire.send(head("GET", "/v1/sessions/a%0d%0aSet-Cookie:%20b"))
              .send("traceparent: 00-" + "a".repeat(32) + "-" + "b".repeat(16) + "-01\t\u0085x\r\n")
              .send("tracestate: a=b\tSet-Cookie=c\r\nX-Request-Id: a\tb\r\n")
              .send("Prefer: wait=1, \u0085Set-Cookie: d\r\nIdempotency-Key: a\tb\r\n")
              .send("Connection: close\r\n\r\n")
              .untilClosed();

      var head = answered.substring(0, answered.indexOf("\r\n\r\n"));
      assertEquals(400, RawHttp.status(answered));
      assertFalse(head.contains("Set-Cookie"), head);
    }
    // The one thing of a caller that comes back in a header is its key, percent-encoded.
    submit("a%3Ab%20c", says("ok")).then().statusCode(202);
    assertFalse(exists(session));
  }

  @Test
  void headersAndAddressesWithoutEndAreRefused() throws IOException {
    var headers = new StringBuilder();
    for (int i = 0; i < 20_000; i++) {
      headers.append("X-").append(i).append(": a\r\n");
    }
    for (var request :
        List.of(
            head("GET", "/v1/turns") + headers,
            head("GET", "/v1/turns") + "X: " + "a".repeat(1_000_000),
            "GET /" + "a".repeat(1_000_000),
            "G".repeat(1_000_000))) {
      try (var wire = new RawHttp()) {
        // Closed before all of it was sent, its answer may be lost: then the connection is.
        boolean taken = wire.tries(request);
        var answered = wire.untilClosed();
        var status = RawHttp.status(answered);
        assertTrue(List.of(400, 414, 431).contains(status) || !taken || status == 0, answered);
      }
    }
    admin().get("/v1/turns").then().statusCode(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "GZIP", "deflate", "br", "identity, gzip", "x"})
  void aCompressedBodyIsRefusedBeforeItIsRead(String coding) {
    var answer =
        admin()
            .header("Content-Encoding", coding)
            .contentType("application/json")
            .body(says("ok"))
            .post("/v1/sessions/" + UUID.randomUUID() + "/turns");

    Refusals.check(answer, ProblemType.UNSUPPORTED_MEDIA_TYPE, "Content-Encoding");
    answer.then().header("Accept-Encoding", equalTo("identity"));
  }
}
