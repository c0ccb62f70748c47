package dev.turnout.routing;

import dev.turnout.backend.AttemptResult;
import java.util.function.Supplier;

/** Surrounds each attempt, so that who runs the turn knows when it may be broken off. */
@FunctionalInterface
public interface AttemptGate {
  /** Makes the attempt, or answers {@link AttemptResult.Aborted} without making it. */
  AttemptResult during(Supplier<AttemptResult> attempt);
}
