package dev.turnout.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * An answer that is a problem, after RFC 9457.
 *
 * @param instance the path that was asked for
 * @param reason the failure's own code, where a turn failed
 * @param retryAt when asking again makes sense, where that is known
 * @param errors what is wrong with the request, one entry a place
 * @param traceId names this request in the logs
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonPropertyOrder({"type", "title", "status", "detail", "instance", "code"})
@Schema(name = "Problem", description = "What went wrong, after RFC 9457.")
public record Problem(
    @Schema(
            description =
                "A URN; its last part is the heading in docs/PROBLEMS.md that explains it.",
            examples = "urn:turnout:problem:invalid_field")
        String type,
    @Schema(examples = "A field does not hold") String title,
    @Schema(examples = "400") int status,
    @Schema(examples = "/input/text must not be blank.") String detail,
    @Schema(examples = "/v1/sessions/main/turns") @Nullable String instance,
    @Schema(
            description = "The last part of the type. A stable name; new ones may come.",
            examples = "invalid_field")
        String code,
    @Nullable String reason,
    @JsonInclude(JsonInclude.Include.ALWAYS) boolean retryable,
    @Nullable Instant retryAt,
    List<Flaw> errors,
    @Nullable String traceId) {

  /**
   * One place in the request that does not hold: a JSON pointer into the body, a parameter or a
   * header.
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @Schema(name = "Flaw")
  public record Flaw(
      @Schema(description = "Where in the body, as a JSON pointer.", examples = "/input/text")
          @Nullable String pointer,
      @Nullable String parameter,
      @Nullable String header,
      @JsonProperty("detail") @Schema(examples = "must not be blank") String detail) {}

  public Problem {
    errors = List.copyOf(errors);
  }

  /** A problem of this type. */
  public static Problem of(ProblemType type, String detail) {
    return new Problem(
        type.uri(),
        type.title(),
        type.status(),
        detail,
        null,
        type.code(),
        null,
        type.isRetryable(),
        null,
        List.of(),
        null);
  }

  /** A field of the body does not hold; {@code why} ends a sentence that begins with the field. */
  public static Problem ofField(ProblemType type, String pointer, String why) {
    var where = pointer.isEmpty() ? "The body" : pointer;
    return of(type, where + " " + why + ".").withFlaw(new Flaw(pointer, null, null, why));
  }

  /** A part of the path or the query does not hold. */
  public static Problem ofParameter(String name, String why) {
    return of(ProblemType.INVALID_PARAMETER, name + " " + why + ".")
        .withFlaw(new Flaw(null, name, null, why));
  }

  /** A header does not hold. */
  public static Problem ofHeader(ProblemType type, String name, String why) {
    return of(type, name + " " + why + ".").withFlaw(new Flaw(null, null, name, why));
  }

  /** This problem with one more place that does not hold. */
  public Problem withFlaw(Flaw flaw) {
    var more = new ArrayList<>(errors);
    more.add(flaw);
    return new Problem(
        type, title, status, detail, instance, code, reason, retryable, retryAt, more, traceId);
  }

  /** This problem as the answer to one request. */
  Problem at(String path, String trace) {
    return new Problem(
        type, title, status, detail, path, code, reason, retryable, retryAt, errors, trace);
  }
}
