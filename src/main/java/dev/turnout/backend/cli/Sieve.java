package dev.turnout.backend.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turnout.failure.FailureSignal;
import java.util.Optional;

/** Lets the JSON objects among a CLI's lines through, and keeps what tells that none came. */
final class Sieve {
  private boolean any;
  private String firstStray = "";
  private Optional<String> unreadable = Optional.empty();

  /** The object on this line; empty when it is anything else. */
  Optional<JsonNode> object(String line) {
    switch (JsonPaths.read(line)) {
      case JsonPaths.Line.Of(var object) -> {
        any = true;
        return Optional.of(object);
      }
      case JsonPaths.Line.Stray() -> firstStray = firstStray.isEmpty() ? line : firstStray;
      case JsonPaths.Line.Unreadable(var why) -> unreadable = Optional.of(why);
    }
    return Optional.empty();
  }

  /** Whether the CLI has said nothing at all. */
  boolean isEmpty() {
    return !any && firstStray.isEmpty() && unreadable.isEmpty();
  }

  /**
   * Why a CLI that ended well has not ended its turn: it speaks another language altogether, or
   * broke off.
   *
   * @param expected the language
   * @param brokenOff how it broke off
   */
  FailureSignal unfinished(String expected, String brokenOff) {
    if (unreadable.isPresent()) {
      // It may well have been the end.
      return new FailureSignal.ProtocolBroken(unreadable.get());
    }
    return new FailureSignal.ProtocolBroken(
        any || firstStray.isEmpty()
            ? brokenOff
            : expected + " was expected, this came: " + firstStray);
  }
}
