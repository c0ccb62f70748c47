package dev.turnout.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TokenBucketsTest {
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1_000);
  private final TokenBuckets<String> buckets = new TokenBuckets<>(now::get);

  private boolean take() {
    return buckets.take("who", 2, 3).granted();
  }

  private long taken(int wishes) {
    return IntStream.range(0, wishes).filter(_ -> take()).count();
  }

  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }

  @Test
  void aBurstIsGrantedAndNoMore() {
    assertEquals(3, taken(3));

    assertFalse(take());
  }

  @Test
  void tokensComeBackEvenly() {
    assertEquals(3, taken(3));

    pass(Duration.ofMillis(500));

    assertTrue(take());
    assertFalse(take());
  }

  @Test
  void aBucketNeverHoldsMoreThanItsBurst() {
    assertEquals(3, taken(3));

    pass(Duration.ofHours(1));

    assertEquals(3, taken(3));
    assertFalse(take());
  }

  @Test
  void whoeverIsRefusedHearsHowLongToWait() {
    for (int i = 0; i < 3; i++) {
      buckets.take("who", 0.25, 3);
    }

    assertEquals(new TokenBuckets.Draw(false, 0, 4), buckets.take("who", 0.25, 3));
    pass(Duration.ofSeconds(1));
    assertEquals(3, buckets.look("who", 0.25, 3).waitSeconds());
  }

  @Test
  void nobodyPaysForAnother() {
    assertEquals(3, taken(3));

    assertTrue(buckets.take("another", 2, 3).granted());
  }

  @Test
  void aSmallerBurstHoldsAtOnce() {
    assertTrue(take());

    assertEquals(0, buckets.take("who", 1, 1).left());
    assertFalse(buckets.take("who", 1, 1).granted());
  }

  @Test
  void wrongKeysAreSlowedDownUntilTimeHasPassed() {
    var wrongKeys = new WrongKeys(now::get);
    for (int i = 0; i < WrongKeys.BURST; i++) {
      assertEquals(0, wrongKeys.waitSeconds("127.0.0.1"));
      wrongKeys.note("127.0.0.1");
    }

    assertEquals(WrongKeys.SECONDS_EACH, wrongKeys.waitSeconds("127.0.0.1"));
    assertEquals(0, wrongKeys.waitSeconds("127.0.0.2"));
    pass(Duration.ofSeconds(WrongKeys.SECONDS_EACH));
    assertEquals(0, wrongKeys.waitSeconds("127.0.0.1"));
  }
}
