package dev.turnout.backend.api;

import com.fasterxml.jackson.core.JacksonException;
import dev.turnout.failure.FailureSignal;
import dev.turnout.failure.FailureSignal.TimedOut.Limit;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.Objects;
import java.util.stream.Stream;

/** Reads the facts out of exceptions that carry no answer of an API. */
final class Breaks {
  /** Longer chains of causes are circles. */
  private static final int MAX_CAUSES = 20;

  private Breaks() {}

  /** An answer whose parts are not those of its dialect. */
  static FailureSignal foreign(ModelCall call, RuntimeException thrown) {
    return new FailureSignal.ProtocolBroken(call.redacted(firstLine(thrown)));
  }

  static FailureSignal read(ModelCall call, RuntimeException thrown) {
    if (thrown instanceof EventStreams.NotAStream page) {
      return foreign(call, page);
    }
    var innermost =
        Stream.<Throwable>iterate(thrown, Objects::nonNull, Throwable::getCause)
            .limit(MAX_CAUSES)
            .filter(cause -> cause instanceof IOException)
            .reduce((outer, inner) -> inner);
    if (innermost.isEmpty()) {
      return new FailureSignal.Unexpected(call.redacted(firstLine(thrown)));
    }
    return switch (innermost.get()) {
      case GuardedSockets.Refused refused ->
          new FailureSignal.ConfigMissing(
              "backend " + call.settings().id() + ": " + refused.getMessage());
      // The SDKs run without a limit on reading, so this was the connect.
      case SocketTimeoutException _ ->
          new FailureSignal.TimedOut(Limit.CONNECT, call.settings().limits().connect());
      case JacksonException broken ->
          new FailureSignal.ProtocolBroken(call.redacted(broken.getOriginalMessage()));
      case Throwable broken -> new FailureSignal.Unreachable(call.redacted(firstLine(broken)));
    };
  }

  private static String firstLine(Throwable thrown) {
    return thrown.toString().lines().findFirst().orElse("");
  }
}
