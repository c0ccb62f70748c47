package dev.turnout.turn;

/**
 * One worker's hold on a turn, from claim to end. Whatever is written under it is refused once the
 * epoch of the session's line has moved on.
 *
 * @param replica the process that holds it
 * @param epoch the fencing token: raised by every claim, end and rescue of the session's line
 */
public record RunRef(TurnId turn, SessionId session, int replica, int epoch) {}
