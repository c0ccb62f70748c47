package dev.turnout.failure;

import java.time.InstantSource;
import java.util.Map;

/**
 * Says what a signal means. The only place that does. Structure decides: the typed body before the
 * status, the status before text.
 */
public final class FailureClassifier {
  /** Types that mean the same under every status, an error inside of a stream (200) included. */
  private static final Map<String, FailureReason> BY_TYPE =
      Map.of(
          "authentication_error", FailureReason.AUTH_INVALID,
          "permission_error", FailureReason.PERMISSION,
          "not_found_error", FailureReason.MODEL_NOT_FOUND,
          "request_too_large", FailureReason.REQUEST_TOO_LARGE,
          "rate_limit_error", FailureReason.RATE_LIMIT,
          "overloaded_error", FailureReason.OVERLOADED,
          "api_error", FailureReason.SERVER_ERROR);

  private final InstantSource clock;

  /**
   * A classifier.
   *
   * @param clock to which providers' waiting times are added
   */
  public FailureClassifier(InstantSource clock) {
    this.clock = clock;
  }

  /** What this signal means, with the rule that said so. */
  public Failure classify(FailureSignal signal) {
    return switch (signal) {
      case FailureSignal.HttpRejected rejected -> ofHttp(rejected);
      case FailureSignal.CliReported reported ->
          CliFailures.classify(reported, clock.instant(), FailureClassifier::ofHttp);
      case FailureSignal.ProcessEnded ended ->
          Failure.of(
              FailureReason.PROCESS_CRASHED,
              "process.ended",
              "the process ended with "
                  + ended.signal().map(n -> "signal " + n).orElse("exit code " + ended.exitCode())
                  + tail(ended.stderrExcerpt()));
      case FailureSignal.SpawnFailed(var program, var message) ->
          Failure.of(
              FailureReason.SPAWN_FAILED,
              "process.spawn",
              program + " cannot be started: " + message);
      case FailureSignal.TimedOut timedOut -> ofTime(timedOut);
      case FailureSignal.TooMuchOutput(var limit) ->
          Failure.of(
              FailureReason.OUTPUT_LIMIT,
              "output.limit",
              "the backend wrote more than " + limit + " bytes");
      case FailureSignal.ProtocolBroken(var message) ->
          Failure.of(
              FailureReason.PROTOCOL_ERROR,
              "protocol.broken",
              "the backend does not speak its protocol: " + message);
      case FailureSignal.AnsweredNothing() ->
          Failure.of(
              FailureReason.EMPTY_RESPONSE, "answer.empty", "the backend answered with nothing");
      case FailureSignal.Refused(var stop, _) ->
          Failure.of(FailureReason.REFUSAL, "answer.refused", "the model declined: " + stop);
      case FailureSignal.Unreachable(var message) ->
          Failure.of(
              FailureReason.NETWORK,
              "network.unreachable",
              "the backend cannot be reached: " + message);
      case FailureSignal.SessionUnknown(var ref, _) ->
          Failure.of(
              FailureReason.SESSION_LOST,
              "session.unknown",
              "the backend no longer knows its session " + ref);
      case FailureSignal.ConfigMissing(var what) ->
          Failure.of(FailureReason.BACKEND_CONFIG_MISSING, "config.missing", what);
      case FailureSignal.Unexpected(var message) ->
          Failure.of(FailureReason.INTERNAL, "internal", message);
    };
  }

  private static Failure ofHttp(FailureSignal.HttpRejected rejected) {
    var type = rejected.type().orElse("");
    var code = rejected.code().orElse("");
    var said = "HTTP " + rejected.status() + ": " + rejected.message();
    if (type.equals("billing_error") || code.equals("insufficient_quota")) {
      return Failure.of(FailureReason.BILLING, "http.type.billing", said);
    }
    if (code.equals("context_length_exceeded")) {
      return Failure.of(FailureReason.CONTEXT_OVERFLOW, "http.code.context", said);
    }
    var typed = BY_TYPE.get(type);
    if (typed != null) {
      return Failure.of(typed, "http.type." + type, said);
    }
    var reason =
        switch (rejected.status()) {
          case 401 -> FailureReason.AUTH_INVALID;
          case 402 -> FailureReason.BILLING;
          case 403 -> FailureReason.PERMISSION;
          case 404 -> FailureReason.MODEL_NOT_FOUND;
          case 408, 504 -> FailureReason.TIMEOUT_TOTAL;
          case 413 -> FailureReason.REQUEST_TOO_LARGE;
          case 429 -> FailureReason.RATE_LIMIT;
          case 503, 529 -> FailureReason.OVERLOADED;
          default ->
              rejected.status() >= 500 ? FailureReason.SERVER_ERROR : FailureReason.INVALID_REQUEST;
        };
    return Failure.of(reason, "http.status." + rejected.status(), said);
  }

  private static Failure ofTime(FailureSignal.TimedOut timedOut) {
    var after = timedOut.after().toMillis() + " ms";
    return switch (timedOut.limit()) {
      case CONNECT ->
          Failure.of(FailureReason.TIMEOUT_CONNECT, "timeout.connect", "no connection in " + after);
      case FIRST_OUTPUT ->
          Failure.of(
              FailureReason.TIMEOUT_FIRST_OUTPUT,
              "timeout.first_output",
              "no output in the first " + after);
      case IDLE -> Failure.of(FailureReason.TIMEOUT_IDLE, "timeout.idle", "no output for " + after);
      case TOTAL ->
          Failure.of(FailureReason.TIMEOUT_TOTAL, "timeout.total", "not finished in " + after);
    };
  }

  private static String tail(String stderr) {
    return stderr.isBlank() ? "" : ": " + stderr.strip();
  }
}
