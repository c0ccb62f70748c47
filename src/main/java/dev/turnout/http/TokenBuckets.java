package dev.turnout.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Counts how fast somebody does something: each has a bucket that fills evenly up to its burst, and
 * takes one token out for each time. Whoever is not heard of for a while is forgotten, which is the
 * same as a full bucket, so that the memory is bounded whatever is sent.
 */
final class TokenBuckets<K> {
  /** Most that are remembered; the ones that were heard of longest ago go first. */
  private static final int REMEMBERED = 10_000;

  private static final double NANOS = Duration.ofSeconds(1).toNanos();

  /** A bucket that is neither full nor touched for so long is forgotten all the same. */
  private static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(10);

  private record Bucket(double tokens, long at) {}

  /**
   * What became of a wish for a token.
   *
   * @param left whole tokens that are left
   * @param waitSeconds how long until there is another one, 0 while some are left
   */
  record Draw(boolean granted, int left, int waitSeconds) {}

  private final Cache<K, Bucket> buckets =
      Caffeine.newBuilder()
          .maximumSize(REMEMBERED)
          .expireAfterAccess(FORGOTTEN_AFTER)
          .executor(Runnable::run)
          .build();

  private final LongSupplier nanoTime;

  TokenBuckets(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** Takes a token from the bucket of this one, if there is one. */
  Draw take(K who, double perSecond, int burst) {
    var granted = new boolean[1];
    var after =
        buckets
            .asMap()
            .compute(
                who,
                (_, before) -> {
                  var now = filled(before, perSecond, burst);
                  granted[0] = now.tokens >= 1;
                  return granted[0] ? new Bucket(now.tokens - 1, now.at) : now;
                });
    return draw(granted[0], after, perSecond);
  }

  /** What a wish would be answered, without taking anything. */
  Draw look(K who, double perSecond, int burst) {
    var now = filled(buckets.getIfPresent(who), perSecond, burst);
    return draw(now.tokens >= 1, now, perSecond);
  }

  private Bucket filled(@org.jspecify.annotations.Nullable Bucket before, double rate, int burst) {
    long now = nanoTime.getAsLong();
    return before == null
        ? new Bucket(burst, now)
        : new Bucket(Math.min(burst, before.tokens + (now - before.at) / NANOS * rate), now);
  }

  private static Draw draw(boolean granted, Bucket bucket, double perSecond) {
    double missing = Math.max(0, 1 - bucket.tokens);
    return new Draw(granted, (int) bucket.tokens, (int) Math.ceil(missing / perSecond));
  }
}
