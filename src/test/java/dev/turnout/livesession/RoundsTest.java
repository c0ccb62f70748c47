package dev.turnout.livesession;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RoundsTest {
  @Test
  void roundsGoOnAfterOneThatBroke() throws InterruptedException {
    var rounds = new CountDownLatch(3);
    var broken =
        new Rounds(
            "broken",
            () -> {
              rounds.countDown();
              if (rounds.getCount() == 2) {
                throw new OutOfMemoryError("unable to create native thread");
              }
              throw new IllegalStateException("in test");
            });
    broken.start();
    broken.hurry();

    rounds.await();

    broken.stop();
  }
}
