package dev.turnout.process;

/** How a process ended, read in one place. */
public sealed interface ExitStatus {
  /** By itself, with this code. */
  record Exited(int code) implements ExitStatus {}

  /** By this signal. */
  record Signalled(int signal) implements ExitStatus {}

  /** As a shell shows it: a program may choose a code above 128 that no signal has caused. */
  default int shellCode() {
    return switch (this) {
      case Exited(var code) -> code;
      case Signalled(var signal) -> 128 + signal;
    };
  }

  /** What Java reports: 128 + n for a process that died by signal n, as shells do. */
  static ExitStatus of(int value) {
    return value > 128 && value < 128 + 65 ? new Signalled(value - 128) : new Exited(value);
  }
}
