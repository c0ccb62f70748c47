package dev.turnout.routing;

import dev.turnout.failure.Failure;
import java.time.Duration;

/** What came of asking for the sake of a cooldown. */
public sealed interface ProbeOutcome {
  /** It was answered: its cooldowns are over. */
  record Answered(Duration took) implements ProbeOutcome {}

  /** It failed, which counted as any other failure does. */
  record Failed(Failure failure, Duration took) implements ProbeOutcome {}

  /** The operator lets nobody ask this candidate: nobody was asked, and nothing counted. */
  record Forbidden(Failure why) implements ProbeOutcome {}

  /** Somebody else has the right to go first, or the cooldown is over. */
  record Taken() implements ProbeOutcome {}

  /** We broke it off, for we are stopping; nothing was found out. */
  record Aborted() implements ProbeOutcome {}
}
