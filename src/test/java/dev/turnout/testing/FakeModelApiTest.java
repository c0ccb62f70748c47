package dev.turnout.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The fake itself: a fake that errs makes every test on it worthless. */
class FakeModelApiTest {
  private final FakeModelApi api = FakeModelApi.start();
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void close() {
    client.shutdownNow();
    api.close();
  }

  @ParameterizedTest
  @CsvSource({
    "ANTHROPIC, /v1/messages, message_stop",
    "RESPONSES, /v1/responses, response.completed",
    "CHAT, /v1/chat/completions, [DONE]",
    "GEMINI, /v1beta/models/m:streamGenerateContent?alt=sse, STOP"
  })
  void everyDialectStreamsToItsEnd(FakeDialect dialect, String path, String end) throws Exception {
    var reply = post(path, body(dialect, true, "hello"));

    assertEquals(200, reply.statusCode());
    assertTrue(reply.body().contains("FAKE-OK turn="), reply.body());
    assertTrue(reply.body().contains(end), reply.body());
    var seen = api.modelRequests().getFirst();
    assertEquals(dialect, seen.dialect().orElseThrow());
    assertEquals("m", seen.model());
    assertEquals("hello", seen.newestUserText());
  }

  @ParameterizedTest
  @CsvSource({
    "ANTHROPIC, /v1/messages, /content/0/text",
    "RESPONSES, /v1/responses, /output/0/content/0/text",
    "CHAT, /v1/chat/completions, /choices/0/message/content",
    "GEMINI, /v1beta/models/m:generateContent, /candidates/0/content/parts/0/text"
  })
  void everyDialectAnswersInOneDocument(FakeDialect dialect, String path, String pointer)
      throws Exception {
    var reply = post(path, body(dialect, false, "hello"));

    assertEquals(
        "FAKE-OK turn=1 model=m", FakeJson.JSON.readTree(reply.body()).at(pointer).asText());
  }

  @Test
  void markerQueueAndDefaultDecideInThisOrder() throws Exception {
    api.otherwise("e500").next("e402");

    assertEquals(402, anthropic("[[fake:e429]]").statusCode());
    assertEquals(429, anthropic("[[fake:e429]]").statusCode());
    assertEquals(500, anthropic("no marker").statusCode());
  }

  @Test
  void markerWithTimesIsUsedUp() throws Exception {
    assertEquals(503, anthropic("[[fake:e503 times=1]]").statusCode());
    assertEquals(200, anthropic("[[fake:e503 times=1]]").statusCode());
  }

  @Test
  void parametersReachTheAnswer() throws Exception {
    var reply = anthropic("[[fake:e429 retryAfter=7 unified=1 message=\"two words\"]]");

    assertEquals("7", reply.headers().firstValue("retry-after").orElseThrow());
    assertTrue(
        reply.headers().firstValue("anthropic-ratelimit-unified-reset").isPresent(), reply::body);
    assertTrue(reply.body().contains("two words"), reply.body());
  }

  @Test
  void toolIsCalledOnceAndItsResultEndsTheTurn() throws Exception {
    var asked = "[[fake:tool name=look input={\"at\":{\"x\":1}}]]";
    var first = anthropic(asked);
    var second =
        post(
            "/v1/messages",
            "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":"
                + FakeJson.text(asked)
                + "},{\"role\":\"assistant\",\"content\":[{\"type\":\"tool_use\",\"name\":\"look\"}]},"
                + "{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"content\":\"seen\"}]}]}");

    assertEquals(
        "{\"at\":{\"x\":1}}",
        FakeJson.JSON.readTree(first.body()).at("/content/1/input").toString());
    assertTrue(second.body().contains("FAKE-TOOL-DONE result=seen"), second.body());
  }

  @Test
  void cutConnectionIsSeenByTheClient() {
    assertThrows(IOException.class, () -> anthropic("[[fake:dropnow]]"));
  }

  @Test
  void logTellsWhichCredentialCameAndNeverItsValue() throws Exception {
    post("/v1/messages", body(FakeDialect.ANTHROPIC, false, "x"), "x-api-key", FakeModelApi.KEY);
    post("/v1/messages", body(FakeDialect.ANTHROPIC, false, "x"), "x-api-key", "another");

    assertTrue(api.log().get(0).authentic());
    assertFalse(api.log().get(1).authentic());
    assertFalse(api.log().toString().contains(FakeModelApi.KEY));
  }

  private HttpResponse<String> anthropic(String text) throws Exception {
    return post("/v1/messages", body(FakeDialect.ANTHROPIC, false, text));
  }

  private HttpResponse<String> post(String path, String body, String... headers) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create(api.uri() + path))
            .timeout(Duration.ofSeconds(10))
            .POST(HttpRequest.BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private static String body(FakeDialect dialect, boolean stream, String text) {
    var quoted = FakeJson.text(text);
    return switch (dialect) {
      case ANTHROPIC, CHAT ->
          "{\"model\":\"m\",\"stream\":%s,\"messages\":[{\"role\":\"user\",\"content\":%s}]}"
              .formatted(stream, quoted);
      case RESPONSES ->
          "{\"model\":\"m\",\"stream\":%s,\"input\":[{\"type\":\"message\",\"role\":\"user\",\"content\":[{\"type\":\"input_text\",\"text\":%s}]}]}"
              .formatted(stream, quoted);
      case GEMINI ->
          "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":%s}]}]}".formatted(quoted);
    };
  }
}
