package dev.turnout.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.turnout.failure.Failure;
import dev.turnout.failure.FailureReason;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Why an attempt or a turn failed, as callers see it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "Failure")
public record FailureBody(
    @Schema(description = "A stable code; new ones may come.", examples = "rate_limit")
        String reason,
    @Schema(
            description = "Who can help.",
            enumeration = {"caller", "provider", "capacity", "local", "ours"})
        String family,
    @Schema(description = "One sentence for a person.") String summary,
    @Schema(description = "The rule that judged it.", examples = "http.429") String rule,
    @Schema(description = "Whether the same turn may succeed later without a change.")
        boolean retryable,
    @Schema(description = "When, where it is known: by the provider, or by the end of a cooldown.")
        @Nullable Instant retryAt,
    @Schema(
            description =
                "On the failure of a turn: what a person can be told. Each reason of its attempts,"
                    + " who can help, and when it can work again. In English, or in Chinese where"
                    + " `Accept-Language`, or without it the turn's `language`, prefers it; the stream's `failed` event has all languages.")
        @Nullable String message) {

  static FailureBody of(Failure failure) {
    return of(failure, Optional.empty());
  }

  /** This failure, with what a person can be told of it. */
  public static FailureBody of(Failure failure, Optional<String> message) {
    var reason = failure.reason();
    return new FailureBody(
        reason.code(),
        reason.family().name().toLowerCase(Locale.ROOT),
        failure.summary(),
        failure.rule(),
        isRetryable(reason),
        failure.retryAt().orElse(null),
        message.orElse(null));
  }

  /** What ends by itself. What a person has to mend is not retryable, however often it is tried. */
  public static boolean isRetryable(FailureReason reason) {
    return switch (reason) {
      case QUOTA_WINDOW, RATE_LIMIT, OVERLOADED, SERVER_ERROR, NETWORK -> true;
      case TIMEOUT_CONNECT, TIMEOUT_FIRST_OUTPUT, TIMEOUT_IDLE, TIMEOUT_TOTAL -> true;
      case EMPTY_RESPONSE, SESSION_LOST, PROTOCOL_ERROR, PROCESS_CRASHED -> true;
      case LIVE_CAPACITY, NO_CANDIDATE, INTERRUPTED, EXPIRED, INTERNAL -> true;
      case AUTH_INVALID, AUTH_REVOKED, PERMISSION, BILLING, MODEL_NOT_FOUND -> false;
      case CONTEXT_OVERFLOW, REQUEST_TOO_LARGE, INVALID_REQUEST, CONTENT_POLICY, REFUSAL -> false;
      case SPAWN_FAILED, BACKEND_CONFIG_MISSING, OUTPUT_LIMIT, CANCELLED -> false;
    };
  }
}
