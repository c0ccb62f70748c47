package dev.turnout.routing;

import dev.turnout.settings.AgentSettings;
import dev.turnout.settings.Settings;
import dev.turnout.turn.Exchange;
import dev.turnout.turn.LaneId;
import dev.turnout.turn.Outside;
import dev.turnout.turn.RouteChoice;
import dev.turnout.turn.RunRef;
import java.util.List;
import java.util.function.LongFunction;

/**
 * A turn to be routed.
 *
 * @param settings the snapshot that the run keeps to its end
 * @param lane its class of work, which has cooldowns of its own
 * @param choice what the caller asked for, in place of the agent's chain
 * @param historySince the exchanges of this session behind a turn's number, oldest first
 * @param gate surrounds each attempt
 * @param outside who can be asked while an attempt runs
 */
public record RouteRequest(
    RunRef run,
    long seq,
    LaneId lane,
    AgentSettings agent,
    Settings settings,
    RouteChoice choice,
    String input,
    LongFunction<List<Exchange>> historySince,
    AttemptGate gate,
    Outside outside) {
  /** The input, with what was said to candidates that failed: the next one has not heard it. */
  String prompt() {
    var said = outside.said();
    return said.isEmpty() ? input : input + "\n\n" + String.join("\n\n", said);
  }
}
