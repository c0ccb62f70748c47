package dev.turnout.livesession;

import dev.turnout.process.ExitStatus;
import dev.turnout.process.RunOutcome.TimedOut.Limit;
import dev.turnout.turn.TurnId;
import java.time.Duration;
import java.util.Optional;

/** How the turn of a living process ended. What was said is with the {@link LiveExchange}. */
public sealed interface LiveTurnOutcome {
  /** The dialect says that it is over. */
  record Ended() implements LiveTurnOutcome {}

  /**
   * The process ended under it.
   *
   * @param status empty when it closed its stdout and lived on
   * @param stderrTail what it said on stderr since the turn began
   */
  record Died(Optional<ExitStatus> status, String stderrTail) implements LiveTurnOutcome {}

  /** It said that it will not be ready. Why is with the {@link LiveExchange}. */
  record Refused() implements LiveTurnOutcome {}

  /**
   * A limit on time ran out.
   *
   * @param stderrTail as in {@link Died}
   */
  record TimedOut(Limit limit, Duration after, String stderrTail) implements LiveTurnOutcome {}

  /** It wrote more than a turn may. */
  record Flooded(long limitBytes) implements LiveTurnOutcome {}

  /** The calling thread was interrupted; its flag is set. */
  record Interrupted() implements LiveTurnOutcome {}

  /** No process could be started. */
  record NotStarted(String message) implements LiveTurnOutcome {}

  /** As many processes live as may, and all of them work. Nothing was started. */
  record NoRoom() implements LiveTurnOutcome {}

  /** An earlier turn of this session would not end. Nothing was started. */
  record StillBusy(TurnId turn) implements LiveTurnOutcome {}

  /** Somebody ended the process under it. */
  record ClosedUnder(CloseReason why) implements LiveTurnOutcome {}
}
