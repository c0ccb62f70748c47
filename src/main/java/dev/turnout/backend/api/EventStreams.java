package dev.turnout.backend.api;

import java.util.List;
import java.util.Locale;

/** Tells a stream of events from a page that a gateway put in its place. */
final class EventStreams {
  private EventStreams() {}

  /** Thrown when a 200 carries something else: the SDKs would read it as an empty stream. */
  static final class NotAStream extends RuntimeException {
    NotAStream(String contentType) {
      super("the API answered 200 with " + contentType + " instead of an event stream");
    }
  }

  /** Accepts an answer without any content type: there are servers that forget it. */
  static void check(List<String> contentTypes) {
    for (var contentType : contentTypes) {
      if (!contentType.toLowerCase(Locale.ROOT).startsWith("text/event-stream")) {
        throw new NotAStream(contentType);
      }
    }
  }
}
