package dev.turnout.alarm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AlarmTest {
  @Test
  void goesOffNotBeforeItsTime() throws InterruptedException {
    var woken = new CountDownLatch(1);
    long start = System.nanoTime();
    var after = Duration.ofMillis(50);

    var alarm = Alarm.in(after, woken::countDown);
    woken.await();

    assertTrue(System.nanoTime() - start >= after.toNanos());
    alarm.close();
  }

  @Test
  void oneThatIsClosedIsSilent() throws InterruptedException {
    var wrong = new AtomicBoolean();
    var later = new CountDownLatch(1);

    Alarm.in(Alarm.BEAT.multipliedBy(5), () -> wrong.set(true)).close();
    try (var _ = Alarm.in(Alarm.BEAT.multipliedBy(10), later::countDown)) {
      later.await();
    }

    assertFalse(wrong.get());
  }

  @Test
  void oneThatFailsHindersNoOther() throws InterruptedException {
    var woken = new CountDownLatch(1);

    try (var _ =
            Alarm.in(
                Duration.ofMillis(1),
                () -> {
                  throw new IllegalStateException("a test throws this");
                });
        var _ = Alarm.in(Alarm.BEAT.multipliedBy(3), woken::countDown)) {
      woken.await();
    }

    assertEquals(0, woken.getCount());
  }
}
