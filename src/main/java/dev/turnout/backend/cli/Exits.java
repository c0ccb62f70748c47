package dev.turnout.backend.cli;

import dev.turnout.failure.FailureSignal;
import dev.turnout.process.ExitStatus;
import java.util.Optional;

/** What the end of a process says by itself. */
final class Exits {
  private Exits() {}

  /** A failure, unless it ended with code 0. */
  static Optional<FailureSignal> failure(ExitStatus exit, String stderrTail) {
    return switch (exit) {
      case ExitStatus.Exited(var code) when code == 0 -> Optional.empty();
      case ExitStatus.Exited(var code) ->
          Optional.of(new FailureSignal.ProcessEnded(code, Optional.empty(), stderrTail));
      case ExitStatus.Signalled(var signal) ->
          Optional.of(
              new FailureSignal.ProcessEnded(128 + signal, Optional.of(signal), stderrTail));
    };
  }
}
