package dev.turnout.failure;

import dev.turnout.failure.FailureSignal.CliReported;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.regex.Pattern;

/**
 * What the facts of an agent CLI mean. A word that the CLI has for the failure counts before the
 * HTTP status of its API; text decides only where a 400 has nothing else, because a provider
 * answers an empty purse and a malformed request with the same fields.
 */
final class CliFailures {
  private static final Pattern PURSE =
      Pattern.compile("extra usage|credit balance is too low", Pattern.CASE_INSENSITIVE);
  private static final Pattern TOO_LONG =
      Pattern.compile(
          "prompt is too long|input token count .*exceeds|maximum context length",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern KEY =
      Pattern.compile("API key (?:not valid|expired)", Pattern.CASE_INSENSITIVE);
  private static final int BAD_REQUEST = 400;
  private static final int TOO_MANY = 429;

  private CliFailures() {}

  /** A reason and the fact that gave it. */
  private record Finding(FailureReason reason, String fact) {}

  /**
   * Classifies it.
   *
   * @param byStatus what an HTTP status means by itself
   */
  static Failure classify(
      CliReported reported, Instant now, Function<FailureSignal.HttpRejected, Failure> byStatus) {
    var own =
        switch (reported.cli()) {
          case "claude" -> claude(reported);
          case "codex" -> codex(reported);
          case "gemini" -> gemini(reported);
          default -> Optional.<Finding>empty();
        };
    var finding = own.or(() -> badRequest(reported));
    if (finding.isPresent()) {
      var reason = finding.get().reason;
      return new Failure(
          reason,
          "cli." + reported.cli() + "." + finding.get().fact,
          reported.cli() + ": " + reported.message(),
          retryAt(reason, reported, now));
    }
    var status = status(reported);
    if (status.isPresent()) {
      var failure = byStatus.apply(http(reported, status.get()));
      return new Failure(
          failure.reason(),
          failure.rule(),
          failure.summary(),
          retryAt(failure.reason(), reported, now));
    }
    return unnamed(reported);
  }

  private static Optional<Finding> claude(CliReported reported) {
    if (is(reported, "terminal_reason", "prompt_too_long")) {
      return found(FailureReason.CONTEXT_OVERFLOW, "terminal_reason");
    }
    var apiError =
        switch (fact(reported, "api_error")) {
          case "usage_limit_reached" -> Optional.of(FailureReason.QUOTA_WINDOW);
          case "connection_failed" -> Optional.of(FailureReason.NETWORK);
          case "stream_idle_timeout" -> Optional.of(FailureReason.TIMEOUT_IDLE);
          case "max_output_tokens" -> Optional.of(FailureReason.OUTPUT_LIMIT);
          default -> Optional.<FailureReason>empty();
        };
    if (apiError.isPresent()) {
      return found(apiError.get(), "api_error");
    }
    if (is(reported, "assistant.error", "billing_error")) {
      return found(FailureReason.BILLING, "error");
    }
    return status(reported).isPresent() ? Optional.empty() : claudeWithoutStatus(reported);
  }

  /** Nothing that has a status: its login, or an answer that it could not use. */
  private static Optional<Finding> claudeWithoutStatus(CliReported reported) {
    return switch (fact(reported, "assistant.error")) {
      case "authentication_failed", "cloud_credential_error" ->
          found(FailureReason.AUTH_INVALID, "error");
      case "oauth_org_not_allowed", "account_on_hold", "verification_required" ->
          found(FailureReason.PERMISSION, "error");
      case "rate_limit" -> found(FailureReason.RATE_LIMIT, "error");
      case "overloaded" -> found(FailureReason.OVERLOADED, "error");
      case "model_not_found" -> found(FailureReason.MODEL_NOT_FOUND, "error");
      default -> claudeWithoutAnswer(reported);
    };
  }

  private static Optional<Finding> claudeWithoutAnswer(CliReported reported) {
    // Its own sentence, and the only sign of a first byte that did not come.
    if (reported.message().startsWith("Request timed out")) {
      return found(FailureReason.TIMEOUT_FIRST_OUTPUT, "text");
    }
    return is(reported, "terminal_reason", "api_error")
        ? found(FailureReason.SERVER_ERROR, "terminal_reason")
        : Optional.empty();
  }

  private static Optional<Finding> codex(CliReported reported) {
    var incomplete =
        switch (fact(reported, "incomplete_reason")) {
          case "max_output_tokens" -> Optional.of(FailureReason.OUTPUT_LIMIT);
          case "content_filter" -> Optional.of(FailureReason.CONTENT_POLICY);
          default -> Optional.<FailureReason>empty();
        };
    if (incomplete.isPresent()) {
      return found(incomplete.get(), "incomplete");
    }
    var reason =
        switch (fact(reported, "codex_error_info")) {
          case "contextWindowExceeded" -> Optional.of(FailureReason.CONTEXT_OVERFLOW);
          // One type inside it for a window that reopens and for a purse that does not.
          case "usageLimitExceeded" ->
              Optional.of(
                  reported.message().startsWith("Quota exceeded")
                      ? FailureReason.BILLING
                      : FailureReason.QUOTA_WINDOW);
          case "rateLimitExceeded" -> Optional.of(FailureReason.RATE_LIMIT);
          case "serverOverloaded" -> Optional.of(FailureReason.OVERLOADED);
          case "internalServerError", "responseStreamDisconnected" ->
              Optional.of(FailureReason.SERVER_ERROR);
          case "streamIdleTimeout" -> Optional.of(FailureReason.TIMEOUT_IDLE);
          case "modelNotFound" -> Optional.of(FailureReason.MODEL_NOT_FOUND);
          default -> Optional.<FailureReason>empty();
        };
    return reason.map(value -> new Finding(value, "error_info"));
  }

  private static Optional<Finding> gemini(CliReported reported) {
    // Its own code for "no way to sign in", before it asked anybody.
    if (is(reported, "exit_code", "41")) {
      return found(FailureReason.AUTH_INVALID, "exit_code");
    }
    if (reported.fields().containsKey("stream_error")) {
      return found(FailureReason.SERVER_ERROR, "stream");
    }
    // It has the class of a quota for a server that is too busy, too.
    if (status(reported).filter(status -> status != TOO_MANY).isPresent()) {
      return Optional.empty();
    }
    return switch (fact(reported, "error_class")) {
      case "TerminalQuotaError" -> found(FailureReason.QUOTA_WINDOW, "error_class");
      case "RetryableQuotaError" -> found(FailureReason.RATE_LIMIT, "error_class");
      default -> Optional.empty();
    };
  }

  private static Optional<Finding> badRequest(CliReported reported) {
    if (!status(reported).equals(Optional.of(BAD_REQUEST))) {
      return Optional.empty();
    }
    if (PURSE.matcher(reported.message()).find()) {
      return found(FailureReason.BILLING, "text");
    }
    if (TOO_LONG.matcher(reported.message()).find()) {
      return found(FailureReason.CONTEXT_OVERFLOW, "text");
    }
    return KEY.matcher(reported.message()).find()
        ? found(FailureReason.AUTH_INVALID, "text")
        : Optional.empty();
  }

  private static Failure unnamed(CliReported reported) {
    return Failure.of(
        FailureReason.PROTOCOL_ERROR,
        "cli." + reported.cli(),
        reported.cli() + ": " + reported.message());
  }

  /**
   * When the provider said that it works again, if the CLI passes it on. The end of a window comes
   * with answers that have nothing to do with it too.
   */
  private static Optional<Instant> retryAt(
      FailureReason reason, CliReported reported, Instant now) {
    if (reason != FailureReason.QUOTA_WINDOW && reason != FailureReason.RATE_LIMIT) {
      return Optional.empty();
    }
    var reset =
        reason == FailureReason.QUOTA_WINDOW
            ? number(reported, "rate_limit.resetsAt", Instant::ofEpochSecond)
            : Optional.<Instant>empty();
    return reset.or(() -> number(reported, "retry_after_seconds", now::plusSeconds));
  }

  private static Optional<Instant> number(
      CliReported reported, String name, LongFunction<Instant> time) {
    // Fractions are rounded up: a moment too early is refused again.
    var text = fact(reported, name);
    return text.matches("\\d{1,11}(\\.\\d+)?")
        ? Optional.of(time.apply((long) Math.ceil(Double.parseDouble(text))))
        : Optional.empty();
  }

  private static Optional<Integer> status(CliReported reported) {
    return Optional.of(fact(reported, "api_error_status"))
        .filter(text -> text.matches("\\d{3}"))
        .map(Integer::valueOf);
  }

  private static FailureSignal.HttpRejected http(CliReported reported, int status) {
    return new FailureSignal.HttpRejected(
        status,
        Optional.ofNullable(reported.fields().get("api_error_type")),
        Optional.ofNullable(reported.fields().get("api_error_code")),
        reported.message(),
        Map.of());
  }

  private static Optional<Finding> found(FailureReason reason, String fact) {
    return Optional.of(new Finding(reason, fact));
  }

  private static boolean is(CliReported reported, String name, String value) {
    return fact(reported, name).equals(value);
  }

  private static String fact(CliReported reported, String name) {
    return reported.fields().getOrDefault(name, "");
  }
}
