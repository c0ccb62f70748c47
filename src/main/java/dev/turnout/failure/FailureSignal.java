package dev.turnout.failure;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * What an adapter saw when an attempt failed: facts only, no judgement. {@link FailureClassifier}
 * is the one place that says what they mean. Texts are already limited to {@link #EXCERPT_LIMIT}
 * characters and free of credentials.
 */
public sealed interface FailureSignal {
  /** Longest text that a signal carries, in characters; a flood must not travel further. */
  int EXCERPT_LIMIT = 2_000;

  /** A model API, or a CLI that reports its API's answer, said no. */
  record HttpRejected(
      int status,
      Optional<String> type,
      Optional<String> code,
      String message,
      Map<String, String> headers)
      implements FailureSignal {
    public HttpRejected {
      message = excerpt(message);
      headers = Map.copyOf(headers);
    }
  }

  /**
   * A CLI reported a failure in fields of its own protocol.
   *
   * @param cli the dialect that named the fields: {@code claude}, {@code codex}, {@code gemini} …
   * @param fields the structured facts by their own names, such as {@code terminal_reason}
   */
  record CliReported(String cli, Map<String, String> fields, String message)
      implements FailureSignal {
    public CliReported {
      fields = Map.copyOf(fields);
      message = excerpt(message);
    }
  }

  /** A process ended without the answer it owed. */
  record ProcessEnded(int exitCode, Optional<Integer> signal, String stderrExcerpt)
      implements FailureSignal {
    public ProcessEnded {
      stderrExcerpt = excerpt(stderrExcerpt);
    }
  }

  /**
   * A process could not be started: the program is missing, not executable, or the disk is full.
   */
  record SpawnFailed(String program, String message) implements FailureSignal {
    public SpawnFailed {
      message = excerpt(message);
    }
  }

  /**
   * A limit on time ran out.
   *
   * @param stderr what a process said there meanwhile: often whom it waits for
   */
  record TimedOut(Limit limit, Duration after, String stderr) implements FailureSignal {
    public TimedOut {
      stderr = excerpt(stderr);
    }

    /** Of a backend that has no stderr, or said nothing there. */
    public TimedOut(Limit limit, Duration after) {
      this(limit, after, "");
    }

    /** Which limit. */
    public enum Limit {
      CONNECT,
      FIRST_OUTPUT,
      IDLE,
      TOTAL
    }
  }

  /** The backend wrote more than it may, in bytes. */
  record TooMuchOutput(long limitBytes) implements FailureSignal {}

  /** The backend answered in something that is not its protocol. */
  record ProtocolBroken(String message) implements FailureSignal {
    public ProtocolBroken {
      message = excerpt(message);
    }
  }

  /** The backend ended well and said nothing. */
  record AnsweredNothing() implements FailureSignal {}

  /** The model declined by its own stop reason; {@code partial} is what it said. */
  record Refused(String stopReason, String partial) implements FailureSignal {
    public Refused {
      partial = excerpt(partial);
    }
  }

  /** No connection to the backend, or it broke. */
  record Unreachable(String message) implements FailureSignal {
    public Unreachable {
      message = excerpt(message);
    }
  }

  /** The backend no longer knows the session id that we resumed. */
  record SessionUnknown(String sessionRef, String message) implements FailureSignal {
    public SessionUnknown {
      message = excerpt(message);
    }
  }

  /** The configuration names something that is not there: fails closed, never elsewhere. */
  record ConfigMissing(String what) implements FailureSignal {}

  /** We broke: an exception nobody expected, its class and message. */
  record Unexpected(String message) implements FailureSignal {
    public Unexpected {
      message = excerpt(message);
    }
  }

  private static String excerpt(String text) {
    return text.length() <= EXCERPT_LIMIT ? text : text.substring(0, EXCERPT_LIMIT) + "…";
  }
}
