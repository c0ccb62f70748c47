package dev.turnout.queue;

import dev.turnout.turn.AgentId;
import dev.turnout.turn.Outside;
import dev.turnout.turn.RouteChoice;
import dev.turnout.turn.TurnId;

/** What somebody outside says to a turn that runs. */
public sealed interface RunWord {
  /** The turn that runs. */
  TurnId turn();

  /** The answer to a question of its agent. */
  record Answered(TurnId turn, Outside.Answer answer) implements RunWord {}

  /**
   * Another turn of the session asks to be taken into it.
   *
   * @param agent who is to answer it
   */
  record Steering(TurnId turn, Outside.Message message, AgentId agent, RouteChoice choice)
      implements RunWord {}
}
