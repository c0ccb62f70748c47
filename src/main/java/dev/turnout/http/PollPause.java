package dev.turnout.http;

import java.time.Duration;

/**
 * How long to rely on the bell before looking at the database again: the bell does not ring here
 * for a turn that runs on another replica. Short while there is news, longer the longer there is
 * none, so that ten thousand waiting clients do not ask all the time.
 */
final class PollPause {
  private static final Duration SHORTEST = Duration.ofMillis(50);
  private static final Duration LONGEST = Duration.ofSeconds(1);

  private Duration pause = SHORTEST;

  /** The next pause, at most this long. */
  Duration next(Duration atMost) {
    var now = pause;
    var doubled = pause.multipliedBy(2);
    pause = doubled.compareTo(LONGEST) > 0 ? LONGEST : doubled;
    return now.compareTo(atMost) > 0 ? atMost : now;
  }

  void reset() {
    pause = SHORTEST;
  }
}
