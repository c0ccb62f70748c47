package dev.turnout.livesession;

import dev.turnout.process.LivingProcess;
import dev.turnout.process.ProcessStamp;
import java.time.Duration;
import java.util.List;

/** Ends a process with its tree, and looks whether it did. */
@FunctionalInterface
interface Undertaker {
  /** By signals. */
  Undertaker SIGNALS =
      (process, patience, grace) -> {
        process.end(patience, grace);
        return process.survivors();
      };

  /** Who of the tree still lives afterwards; the times as of {@link LivingProcess#end}. */
  List<ProcessStamp> end(LivingProcess process, Duration patience, Duration grace);
}
