package dev.turnout.settings;

import dev.turnout.turn.BusyMode;
import java.util.Optional;

/**
 * How the turns of one agent wait; what is empty is as in {@link QueueSettings}.
 *
 * @param busyMode what becomes of a turn whose session is busy, where its caller does not say
 */
public record AgentLine(
    Optional<BusyMode> busyMode,
    Optional<Integer> sessionCap,
    Optional<Integer> maxInputBytes,
    Optional<Integer> maxRuns) {
  /** Like those of all agents. */
  public static final AgentLine LIKE_ALL =
      new AgentLine(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
}
