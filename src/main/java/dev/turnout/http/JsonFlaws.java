package dev.turnout.http;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Says what is wrong with a JSON body in the words of its author, not of our parser. */
final class JsonFlaws {
  /** Fields that a reader of the design may expect, and that do not work yet. */
  private static final Set<String> PLANNED = Set.of("attachments", "callback");

  /** How the parser begins to complain of a second document; it has no type of its own for it. */
  private static final String TRAILING = "Trailing token";

  private JsonFlaws() {}

  static Problem describe(JsonProcessingException e) {
    return switch (e) {
      case UnrecognizedPropertyException unknown -> unknown(unknown);
      case InvalidFormatException format ->
          Problem.ofField(
              ProblemType.INVALID_FIELD, pointer(format), allowed(format.getTargetType()));
      case MismatchedInputException mismatch ->
          mismatch.getOriginalMessage().startsWith(TRAILING)
              ? malformed(mismatch, "it is followed by something else")
              : Problem.ofField(
                  ProblemType.WRONG_TYPE, pointer(mismatch), expected(mismatch.getTargetType()));
      default -> malformed(e, e.getOriginalMessage());
    };
  }

  private static Problem unknown(UnrecognizedPropertyException e) {
    return PLANNED.contains(e.getPropertyName())
        ? Problem.ofField(ProblemType.UNSUPPORTED_FIELD, pointer(e), "is not supported yet")
        : Problem.ofField(ProblemType.UNKNOWN_FIELD, pointer(e), "is not a field of this call");
  }

  private static Problem malformed(JsonProcessingException e, String why) {
    var place = place(e.getLocation());
    return Problem.of(ProblemType.MALFORMED_JSON, "The body is not JSON" + place + ": " + tidy(why))
        .withFlaw(new Problem.Flaw("", null, null, "is not JSON" + place));
  }

  private static String place(@Nullable JsonLocation location) {
    return location == null || location.getLineNr() < 1
        ? ""
        : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
  }

  /** The first sentence; what follows names our classes. */
  private static String tidy(String message) {
    var first = message.lines().findFirst().orElse("").strip();
    int internal = first.indexOf(" (for ");
    return internal < 0 ? first : first.substring(0, internal);
  }

  private static String pointer(JsonMappingException e) {
    return e.getPath().stream()
        .map(
            step ->
                "/"
                    + (step.getFieldName() == null
                        ? String.valueOf(step.getIndex())
                        : ConstraintFlaws.escaped(step.getFieldName())))
        .collect(Collectors.joining());
  }

  private static String allowed(@Nullable Class<?> type) {
    if (type != null && type.isEnum()) {
      var names =
          Arrays.stream(type.getFields())
              .filter(field -> field.isEnumConstant())
              .map(
                  field -> {
                    var json =
                        field.getAnnotation(com.fasterxml.jackson.annotation.JsonProperty.class);
                    return json == null ? field.getName() : json.value();
                  })
              .collect(Collectors.joining(", "));
      return "must be one of " + names;
    }
    if (type == String.class) {
      return "must not contain NUL or half of a surrogate pair";
    }
    return type == Integer.class ? "is out of range" : expected(type);
  }

  private static String expected(@Nullable Class<?> type) {
    if (type == null) {
      return "has the wrong type";
    }
    if (type == Instant.class) {
      return "must be a time such as 2026-01-31T08:00:00Z, with a zone";
    }
    if (type == String.class || type.isEnum()) {
      return "must be a string";
    }
    if (type == int.class || type == Integer.class || type == long.class || type == Long.class) {
      return "must be a whole number";
    }
    if (type == boolean.class || type == Boolean.class) {
      return "must be true or false";
    }
    if (Collection.class.isAssignableFrom(type)) {
      return "must be an array";
    }
    return type.isRecord() || Map.class.isAssignableFrom(type)
        ? "must be an object"
        : "has the wrong type";
  }
}
