package dev.turnout.livesession;

import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The short run of {@link LeakProof}. */
@Timeout(300)
class LiveLeakTest {
  @TempDir private Path data;

  @Test
  void aHundredTroubledTurnsLeaveNothing() throws InterruptedException, ExecutionException {
    LeakProof.run(data, 100);
  }
}
