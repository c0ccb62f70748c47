package dev.turnout.backend.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turnout.failure.FailureSignal;
import java.util.Optional;

/** Lets the JSON objects among a CLI's lines through, and keeps what tells that none came. */
final class Sieve {
  private boolean any;
  private String firstStray = "";

  /** The object on this line; empty when it is anything else. */
  Optional<JsonNode> object(String line) {
    var object = JsonPaths.object(line);
    any |= object.isPresent();
    if (object.isEmpty() && firstStray.isEmpty()) {
      firstStray = line;
    }
    return object;
  }

  /** Whether the CLI has said nothing at all. */
  boolean isEmpty() {
    return !any && firstStray.isEmpty();
  }

  /**
   * Why a CLI that ended well has not ended its turn: it speaks another language altogether, or
   * broke off.
   *
   * @param expected the language
   * @param brokenOff how it broke off
   */
  FailureSignal unfinished(String expected, String brokenOff) {
    return new FailureSignal.ProtocolBroken(
        any || firstStray.isEmpty()
            ? brokenOff
            : expected + " was expected, this came: " + firstStray);
  }
}
