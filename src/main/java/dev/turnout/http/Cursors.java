package dev.turnout.http;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The opaque cursors of lists: where the next page begins, readable by us alone. */
public final class Cursors {
  private Cursors() {}

  /** A place in a list that is ordered by time and id. */
  public record Place(Instant at, UUID id) {}

  /** The cursor of this place. */
  public static String write(Place place) {
    return encode(place.at() + " " + place.id());
  }

  /** The cursor of a place that has a number. */
  public static String write(long number) {
    return encode(Long.toString(number));
  }

  /**
   * The place that this cursor names; empty without a cursor.
   *
   * @throws ProblemException when it is no cursor of ours
   */
  public static Optional<Place> place(@Nullable String cursor) {
    if (cursor == null) {
      return Optional.empty();
    }
    try {
      var parts = decode(cursor).split(" ", -1);
      if (parts.length == 2) {
        return Optional.of(new Place(Instant.parse(parts[0]), UUID.fromString(parts[1])));
      }
      throw unreadable();
    } catch (IllegalArgumentException | DateTimeException e) {
      throw unreadable();
    }
  }

  /**
   * The number that this cursor names; empty without a cursor.
   *
   * @throws ProblemException when it is no cursor of ours
   */
  public static Optional<Long> number(@Nullable String cursor) {
    if (cursor == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(Long.valueOf(decode(cursor)));
    } catch (IllegalArgumentException e) {
      throw unreadable();
    }
  }

  private static ProblemException unreadable() {
    return new ProblemException(
        Problem.ofParameter("cursor", "must be the next of an earlier page"));
  }

  private static String encode(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String decode(String cursor) {
    return new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
  }
}
