package dev.turnout.livesession;

import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The long run of {@link LeakProof}. */
@Tag("chaos")
@Timeout(1_800)
class LiveLeakIT {
  @TempDir private Path data;

  @Test
  void aThousandTroubledTurnsLeaveNothing() throws InterruptedException, ExecutionException {
    LeakProof.run(data, 1_000);
  }
}
