package dev.turnout.livesession;

import dev.turnout.turn.BackendId;
import dev.turnout.turn.SessionId;

/**
 * What a living process is for. The credential is no part of it: two processes that continue one
 * conversation would each know half of it.
 */
public record LiveKey(BackendId backend, SessionId session) {}
