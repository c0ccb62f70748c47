package dev.turnout.livesession;

import dev.turnout.process.SubprocessSpec;
import java.io.IOException;
import java.util.List;

/**
 * A process that is ready to be started.
 *
 * @param shown its arguments as they may be shown
 */
public record LiveLaunch(SubprocessSpec spec, LiveGreeting greeting, List<String> shown) {
  public LiveLaunch {
    shown = List.copyOf(shown);
  }

  /** Prepares a start, each time anew: nothing of an earlier process is used again. */
  @FunctionalInterface
  public interface Preparation {
    /** Makes the files that the process needs, as {@code belongings} of the process to be. */
    LiveLaunch prepare(Belongings belongings) throws IOException;
  }
}
