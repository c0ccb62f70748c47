package dev.turnout.runtimeconfig;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A version of the document. Never changes.
 *
 * @param number dense; the highest is the current one
 * @param restored the revision that a rollback brought back
 * @param changes what it changed in the one before
 */
public record Revision(
    long number,
    Kind kind,
    Instant at,
    Author author,
    String comment,
    Optional<Long> restored,
    JsonNode document,
    List<Change> changes) {
  public Revision {
    changes = List.copyOf(changes);
  }

  /** How it came to be. */
  public enum Kind {
    /** With the database: the empty document. */
    INITIAL,
    PATCH,
    PUT,
    ROLLBACK;

    /** The stable snake_case name used in the API and in SQL. */
    public String code() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
