package dev.turnout.worker;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DutyTest {
  @Test
  void dutyGoesOnAfterARoundThatBroke() throws InterruptedException {
    var rounds = new CountDownLatch(3);
    var duty =
        new Duty(
            "broken",
            Duration.ofMillis(1),
            () -> {
              rounds.countDown();
              if (rounds.getCount() == 2) {
                throw new OutOfMemoryError("unable to create native thread");
              }
              throw new IllegalStateException("in test");
            });
    duty.start();

    rounds.await();

    duty.stop();
  }
}
