package dev.turnout.testing;

import static dev.turnout.testing.FakeJson.object;
import static java.util.Map.entry;

import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The error answers of real model APIs, one row each, worded as each dialect words them. */
final class FakeErrors {
  private record Row(int status, String type, String message) {}

  private record OpenAi(String type, String code) {}

  private static final String INVALID = "invalid_request_error";
  private static final String THIRD_PARTY =
      "Third-party apps now draw from your extra usage, not your plan limits. Add more at"
          + " claude.ai/settings/usage and keep going.";
  private static final long A_WINDOW_IN_SECONDS = 3600;

  private static final Map<String, Row> ROWS =
      Map.ofEntries(
          entry(
              "e400usage",
              new Row(
                  400,
                  INVALID,
                  "You're out of extra usage. Add more at claude.ai/settings/usage and keep"
                      + " going.")),
          entry("e400usage2", new Row(400, INVALID, THIRD_PARTY)),
          entry("e402", new Row(402, "billing_error", THIRD_PARTY)),
          entry(
              "e400credit",
              new Row(
                  400,
                  INVALID,
                  "Your credit balance is too low to access the Anthropic API. Please go to Plans"
                      + " & Billing to upgrade or purchase credits.")),
          entry(
              "e400toolong",
              new Row(400, INVALID, "prompt is too long: 215000 tokens > 200000 maximum")),
          entry("e400", new Row(400, INVALID, "messages.0: some field is invalid")),
          entry("e401", new Row(401, "authentication_error", "invalid x-api-key")),
          entry(
              "e403",
              new Row(
                  403,
                  "permission_error",
                  "Your API key does not have permission to use the specified resource")),
          entry("e404", new Row(404, "not_found_error", "model: fake-missing-model")),
          entry("e413", new Row(413, "request_too_large", "Request exceeds the maximum size")),
          entry(
              "e429",
              new Row(
                  429,
                  "rate_limit_error",
                  "This request would exceed your account's rate limit. Please try again later.")),
          entry("e429quota", new Row(429, "rate_limit_error", "You have hit your usage limit.")),
          entry("e500", new Row(500, "api_error", "Internal server error")),
          entry("e502", new Row(502, "html", "<html><body><h1>502 Bad Gateway</h1></body></html>")),
          entry("e503", new Row(503, "overloaded_error", "Service unavailable")),
          entry("e529", new Row(529, "overloaded_error", "Overloaded")));

  private static final Map<String, OpenAi> OPENAI =
      Map.ofEntries(
          entry("e400toolong", new OpenAi(INVALID, "context_length_exceeded")),
          entry("e401", new OpenAi(INVALID, "invalid_api_key")),
          entry("e402", new OpenAi("billing_error", "payment_required")),
          entry("e403", new OpenAi(INVALID, "permission_denied")),
          entry("e404", new OpenAi(INVALID, "model_not_found")),
          entry("e429", new OpenAi("requests", "rate_limit_exceeded")),
          entry("e429quota", new OpenAi("usage_limit_reached", "insufficient_quota")),
          entry("e500", new OpenAi("server_error", null)),
          entry("e503", new OpenAi("server_error", "server_is_overloaded")),
          entry("e529", new OpenAi("server_error", "server_is_overloaded")));

  private static final Map<Integer, String> GEMINI =
      Map.of(
          400, "INVALID_ARGUMENT",
          401, "UNAUTHENTICATED",
          402, "FAILED_PRECONDITION",
          403, "PERMISSION_DENIED",
          404, "NOT_FOUND",
          413, "INVALID_ARGUMENT",
          429, "RESOURCE_EXHAUSTED",
          500, "INTERNAL",
          503, "UNAVAILABLE",
          529, "UNAVAILABLE");

  private FakeErrors() {}

  static boolean knows(String behaviour) {
    return ROWS.containsKey(behaviour);
  }

  static void send(FakeHttpServer.Exchange exchange, FakeDialect dialect, FakeBehaviour behaviour)
      throws IOException {
    var row = row(behaviour);
    var headers = headers(behaviour);
    if (row.type().equals("html")) {
      headers.put("content-type", "text/html");
      exchange.reply(row.status(), headers, row.message());
      return;
    }
    var body =
        switch (dialect) {
          case ANTHROPIC ->
              object(
                  "type",
                  "error",
                  "error",
                  object("type", row.type(), "message", row.message()),
                  "request_id",
                  headers.get("request-id"));
          case GEMINI -> gemini(row, behaviour);
          case RESPONSES, CHAT -> openAi(row, behaviour);
        };
    exchange.reply(row.status(), headers, FakeJson.text(body));
  }

  private static Row row(FakeBehaviour behaviour) {
    var row = ROWS.get(behaviour.name());
    return new Row(
        behaviour.number("status", row.status()),
        behaviour.text("type", row.type()),
        behaviour.text("message", row.message()));
  }

  private static Map<String, String> headers(FakeBehaviour behaviour) {
    var headers = new LinkedHashMap<String, String>();
    headers.put("content-type", "application/json");
    headers.put("request-id", FakeJson.id("req_"));
    headers.put("x-request-id", FakeJson.id("req_"));
    if (behaviour.has("retryAfter")) {
      headers.put("retry-after", behaviour.text("retryAfter", ""));
    }
    if (behaviour.has("shouldRetry")) {
      headers.put("x-should-retry", behaviour.text("shouldRetry", ""));
    }
    if (behaviour.has("unified")) { // the family that a subscription login is answered with
      headers.put("anthropic-ratelimit-unified-status", "rejected");
      headers.put("anthropic-ratelimit-unified-reset", String.valueOf(endOfWindow()));
      headers.put("anthropic-ratelimit-unified-representative-claim", "five_hour");
    }
    return headers;
  }

  private static Object openAi(Row row, FakeBehaviour behaviour) {
    var kind = OPENAI.getOrDefault(behaviour.name(), new OpenAi(row.type(), null));
    var error =
        object(
            "message",
            row.message(),
            "type",
            behaviour.text("type", kind.type()),
            "code",
            behaviour.text("code", kind.code()),
            "param",
            null);
    if (behaviour.name().equals("e429quota")) {
      error.put("plan_type", "pro");
      error.put("resets_at", endOfWindow());
      error.put("resets_in_seconds", A_WINDOW_IN_SECONDS);
    }
    return object("error", error);
  }

  private static Object gemini(Row row, FakeBehaviour behaviour) {
    var error =
        object(
            "code",
            row.status(),
            "message",
            row.message(),
            "status",
            GEMINI.getOrDefault(row.status(), "UNKNOWN"));
    if (row.status() == 429) {
      var quota =
          behaviour.name().equals("e429quota")
              ? "GenerateRequestsPerDayPerProjectPerModel"
              : "GenerateRequestsPerMinutePerProjectPerModel";
      error.put(
          "details",
          List.of(
              object(
                  "@type",
                  "type.googleapis.com/google.rpc.QuotaFailure",
                  "violations",
                  List.of(object("quotaId", quota))),
              object(
                  "@type",
                  "type.googleapis.com/google.rpc.RetryInfo",
                  "retryDelay",
                  behaviour.text("retryAfter", "1") + "s")));
    }
    return object("error", error);
  }

  private static long endOfWindow() {
    return Instant.now().getEpochSecond() + A_WINDOW_IN_SECONDS;
  }
}
