package dev.turnout.admin;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.turnout.failure.FailureSignal;
import dev.turnout.failure.FailureSignal.TimedOut.Limit;
import dev.turnout.http.Problem;
import dev.turnout.http.ProblemException;
import dev.turnout.http.ProblemType;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What an adapter may see of a failure, as somebody writes it who wants to know what it means. */
@Schema(
    name = "FailureSignal",
    description = "Which fields it takes, and which of them it needs, depends on its kind.",
    examples =
        "{\"kind\":\"http\",\"status\":429,\"type\":\"rate_limit_error\",\"message\":\"Slow down\","
            + "\"headers\":{\"retry-after\":\"20\"}}")
record SignalBody(
    @NotNull(message = "must be there") Kind kind,
    @Schema(description = "http (needed)")
        @Min(value = 100, message = "must be from 100 to 599")
        @Max(value = 599, message = "must be from 100 to 599")
        @Nullable Integer status,
    @Schema(description = "http: the type in the body.") @Size(max = 200, message = SHORT)
        @Nullable String type,
    @Schema(description = "http: the code in the body.") @Size(max = 200, message = SHORT)
        @Nullable String code,
    @Schema(description = "What was said, where the kind has words.")
        @Size(max = 10_000, message = LONG)
        @Nullable String message,
    @Schema(description = "http") @Size(max = 100, message = ENTRIES)
        @Nullable
            Map<
                @Size(max = 200, message = SHORT) String,
                @NotNull(message = "must not be null")
                @Size(max = 2_000, message = "must have at most 2000 characters") String>
            headers,
    @Schema(description = "cli (needed): the dialect.", examples = "claude")
        @Size(max = 200, message = SHORT)
        @Nullable String cli,
    @Schema(description = "cli: the fields that it reported, by their own names.")
        @Size(max = 100, message = ENTRIES)
        @Nullable
            Map<
                @Size(max = 200, message = SHORT) String,
                @NotNull(message = "must not be null")
                @Size(max = 2_000, message = "must have at most 2000 characters") String>
            fields,
    @Schema(description = "process_ended (needed)") @Nullable Integer exitCode,
    @Schema(description = "process_ended: the number of the signal that ended it.")
        @Nullable Integer signal,
    @Schema(description = "process_ended, timed_out") @Size(max = 10_000, message = LONG)
        @Nullable String stderr,
    @Schema(description = "spawn_failed (needed)") @Size(max = 1_000, message = "is too long")
        @Nullable String program,
    @Schema(description = "timed_out (needed)") @Nullable TimeLimit limit,
    @Schema(description = "timed_out, in milliseconds.")
        @Min(value = 0, message = "must be 0 or more")
        @Nullable Integer afterMs,
    @Schema(description = "too_much_output, in bytes.")
        @Min(value = 0, message = "must be 0 or more")
        @Nullable Integer limitBytes,
    @Schema(description = "refused (needed)") @Size(max = 200, message = SHORT)
        @Nullable String stopReason,
    @Schema(description = "session_unknown") @Size(max = 1_000, message = "is too long")
        @Nullable String sessionRef) {
  static final String SHORT = "must have at most 200 characters";
  static final String LONG = "must have at most 10000 characters";
  static final String ENTRIES = "must have at most 100 entries";

  /** What happened. */
  @Schema(name = "FailureSignalKind")
  enum Kind {
    @JsonProperty("http")
    HTTP,
    @JsonProperty("cli")
    CLI,
    @JsonProperty("process_ended")
    PROCESS_ENDED,
    @JsonProperty("spawn_failed")
    SPAWN_FAILED,
    @JsonProperty("timed_out")
    TIMED_OUT,
    @JsonProperty("too_much_output")
    TOO_MUCH_OUTPUT,
    @JsonProperty("protocol_broken")
    PROTOCOL_BROKEN,
    @JsonProperty("answered_nothing")
    ANSWERED_NOTHING,
    @JsonProperty("refused")
    REFUSED,
    @JsonProperty("unreachable")
    UNREACHABLE,
    @JsonProperty("session_unknown")
    SESSION_UNKNOWN,
    @JsonProperty("config_missing")
    CONFIG_MISSING,
    @JsonProperty("unexpected")
    UNEXPECTED
  }

  /** The wire form of {@link Limit}. */
  @Schema(name = "TimeLimit")
  enum TimeLimit {
    @JsonProperty("connect")
    CONNECT,
    @JsonProperty("first_output")
    FIRST_OUTPUT,
    @JsonProperty("idle")
    IDLE,
    @JsonProperty("total")
    TOTAL;

    Limit limit() {
      return switch (this) {
        case CONNECT -> Limit.CONNECT;
        case FIRST_OUTPUT -> Limit.FIRST_OUTPUT;
        case IDLE -> Limit.IDLE;
        case TOTAL -> Limit.TOTAL;
      };
    }
  }

  /**
   * The signal that this says.
   *
   * @throws ProblemException when a field is missing that its kind needs, or is there that it has
   *     not
   */
  FailureSignal toSignal() {
    requireFieldsOfKind();
    var said = Objects.requireNonNullElse(message, "");
    return switch (kind) {
      case HTTP ->
          new FailureSignal.HttpRejected(
              there(status),
              Optional.ofNullable(type),
              Optional.ofNullable(code),
              said,
              Objects.requireNonNullElse(headers, Map.of()));
      case CLI ->
          new FailureSignal.CliReported(
              there(cli), Objects.requireNonNullElse(fields, Map.of()), said);
      case PROCESS_ENDED ->
          new FailureSignal.ProcessEnded(
              there(exitCode), Optional.ofNullable(signal), Objects.requireNonNullElse(stderr, ""));
      case SPAWN_FAILED -> new FailureSignal.SpawnFailed(there(program), said);
      case TIMED_OUT ->
          new FailureSignal.TimedOut(
              there(limit).limit(),
              Duration.ofMillis(Objects.requireNonNullElse(afterMs, 0)),
              Objects.requireNonNullElse(stderr, ""));
      case TOO_MUCH_OUTPUT ->
          new FailureSignal.TooMuchOutput(Objects.requireNonNullElse(limitBytes, 0));
      case PROTOCOL_BROKEN -> new FailureSignal.ProtocolBroken(said);
      case ANSWERED_NOTHING -> new FailureSignal.AnsweredNothing();
      case REFUSED -> new FailureSignal.Refused(there(stopReason), "");
      case UNREACHABLE -> new FailureSignal.Unreachable(said);
      case SESSION_UNKNOWN ->
          new FailureSignal.SessionUnknown(Objects.requireNonNullElse(sessionRef, ""), said);
      case CONFIG_MISSING -> new FailureSignal.ConfigMissing(said);
      case UNEXPECTED -> new FailureSignal.Unexpected(said);
    };
  }

  private static <T> T there(@Nullable T value) {
    return Objects.requireNonNull(value, "asked for by its kind");
  }

  private void requireFieldsOfKind() {
    var needed = needed(kind);
    var possible = possible(kind);
    var given = new LinkedHashMap<String, Optional<?>>();
    given.put("status", Optional.ofNullable(status));
    given.put("type", Optional.ofNullable(type));
    given.put("code", Optional.ofNullable(code));
    given.put("message", Optional.ofNullable(message));
    given.put("headers", Optional.ofNullable(headers));
    given.put("cli", Optional.ofNullable(cli));
    given.put("fields", Optional.ofNullable(fields));
    given.put("exitCode", Optional.ofNullable(exitCode));
    given.put("signal", Optional.ofNullable(signal));
    given.put("stderr", Optional.ofNullable(stderr));
    given.put("program", Optional.ofNullable(program));
    given.put("limit", Optional.ofNullable(limit));
    given.put("afterMs", Optional.ofNullable(afterMs));
    given.put("limitBytes", Optional.ofNullable(limitBytes));
    given.put("stopReason", Optional.ofNullable(stopReason));
    given.put("sessionRef", Optional.ofNullable(sessionRef));
    given.forEach(
        (name, value) -> {
          if (value.isEmpty() && needed.contains(name)) {
            throw flaw(name, "must be there");
          }
          if (value.isPresent() && !needed.contains(name) && !possible.contains(name)) {
            throw flaw(name, "is no field of this kind");
          }
        });
  }

  private static Set<String> needed(Kind kind) {
    return switch (kind) {
      case HTTP -> Set.of("status");
      case CLI -> Set.of("cli");
      case PROCESS_ENDED -> Set.of("exitCode");
      case SPAWN_FAILED -> Set.of("program");
      case TIMED_OUT -> Set.of("limit");
      case REFUSED -> Set.of("stopReason");
      case CONFIG_MISSING -> Set.of("message");
      case TOO_MUCH_OUTPUT, PROTOCOL_BROKEN, ANSWERED_NOTHING -> Set.of();
      case UNREACHABLE, SESSION_UNKNOWN, UNEXPECTED -> Set.of();
    };
  }

  private static Set<String> possible(Kind kind) {
    return switch (kind) {
      case HTTP -> Set.of("type", "code", "message", "headers");
      case CLI -> Set.of("fields", "message");
      case PROCESS_ENDED -> Set.of("signal", "stderr");
      case TIMED_OUT -> Set.of("afterMs", "stderr");
      case TOO_MUCH_OUTPUT -> Set.of("limitBytes");
      case SESSION_UNKNOWN -> Set.of("sessionRef", "message");
      case SPAWN_FAILED, PROTOCOL_BROKEN, UNREACHABLE, UNEXPECTED -> Set.of("message");
      case ANSWERED_NOTHING, REFUSED, CONFIG_MISSING -> Set.of();
    };
  }

  private static ProblemException flaw(String field, String why) {
    return new ProblemException(
        Problem.ofField(ProblemType.INVALID_FIELD, "/signal/" + field, why));
  }
}
