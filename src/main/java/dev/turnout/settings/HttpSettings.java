package dev.turnout.settings;

import java.time.Duration;
import java.util.Optional;

/**
 * What clients of the API see, and how much of it.
 *
 * @param heartbeat how often a silent event stream shows that it lives
 * @param rateLimit how fast a key may ask; empty for as fast as it can
 * @param streamsPerKey how many event streams of one key a replica keeps open
 * @param streams how many it keeps open in all
 * @param bodyTimeout how long a request may take to arrive
 * @param slowReader how long the reader of a stream may take nothing
 */
public record HttpSettings(
    Duration heartbeat,
    Optional<RateLimit> rateLimit,
    int streamsPerKey,
    int streams,
    Duration bodyTimeout,
    Duration slowReader) {
  /** What holds where nothing else was decided. */
  public static final HttpSettings STANDARD =
      new HttpSettings(
          Duration.ofSeconds(15),
          Optional.empty(),
          200,
          2_000,
          Duration.ofSeconds(30),
          Duration.ofSeconds(30));

  /**
   * A limit on the requests of one key on one replica.
   *
   * @param perSecond how many in each second for as long as it likes, 1 or more
   * @param burst how many at once after a pause, 1 or more
   */
  public record RateLimit(int perSecond, int burst) {}
}
