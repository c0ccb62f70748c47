package dev.turnout.failure;

import java.util.Locale;

/**
 * Why an attempt or a turn failed. The {@link #code()} is part of the public API and never changes
 * its meaning; a new meaning is a new constant.
 */
public enum FailureReason {
  AUTH_INVALID(FailureFamily.PROVIDER),
  AUTH_REVOKED(FailureFamily.PROVIDER),
  PERMISSION(FailureFamily.PROVIDER),
  BILLING(FailureFamily.PROVIDER),
  QUOTA_WINDOW(FailureFamily.CAPACITY),
  RATE_LIMIT(FailureFamily.CAPACITY),
  OVERLOADED(FailureFamily.CAPACITY),
  SERVER_ERROR(FailureFamily.PROVIDER),
  NETWORK(FailureFamily.PROVIDER),
  TIMEOUT_CONNECT(FailureFamily.PROVIDER),
  TIMEOUT_FIRST_OUTPUT(FailureFamily.PROVIDER),
  TIMEOUT_IDLE(FailureFamily.PROVIDER),
  TIMEOUT_TOTAL(FailureFamily.PROVIDER),
  MODEL_NOT_FOUND(FailureFamily.CALLER),
  CONTEXT_OVERFLOW(FailureFamily.CALLER),
  REQUEST_TOO_LARGE(FailureFamily.CALLER),
  INVALID_REQUEST(FailureFamily.CALLER),
  CONTENT_POLICY(FailureFamily.CALLER),
  REFUSAL(FailureFamily.CALLER),
  EMPTY_RESPONSE(FailureFamily.PROVIDER),
  SESSION_LOST(FailureFamily.LOCAL),
  PROTOCOL_ERROR(FailureFamily.LOCAL),
  SPAWN_FAILED(FailureFamily.LOCAL),
  PROCESS_CRASHED(FailureFamily.LOCAL),
  BACKEND_CONFIG_MISSING(FailureFamily.LOCAL),
  OUTPUT_LIMIT(FailureFamily.LOCAL),
  LIVE_CAPACITY(FailureFamily.LOCAL),
  NO_CANDIDATE(FailureFamily.CAPACITY),
  CANCELLED(FailureFamily.CALLER),
  INTERRUPTED(FailureFamily.LOCAL),
  EXPIRED(FailureFamily.CALLER),
  INTERNAL(FailureFamily.OURS);

  private final FailureFamily family;

  FailureReason(FailureFamily family) {
    this.family = family;
  }

  public FailureFamily family() {
    return family;
  }

  /** The stable snake_case name used in the API, in SQL and in metrics. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The reason with this {@link #code()}. */
  public static FailureReason ofCode(String code) {
    return valueOf(code.toUpperCase(Locale.ROOT));
  }
}
