package dev.turnout.turn;

import java.util.Locale;

/** Why a turn that asked to be taken into the one that runs became an ordinary follow-up. */
public enum SteerRefusal {
  /** Nothing ran in its session that could have heard of it. */
  NOTHING_RAN,
  /** It asks for another agent, backend, model or credential than the turn that runs. */
  OTHER_CANDIDATE,
  /** The turn runs in a process of its own or at a model API, which are told everything at once. */
  NO_LIVING_PROCESS,
  /** The agent's protocol has no words for it. */
  NOT_SUPPORTED,
  /** The agent did not take it. */
  REFUSED,
  /** The turn was over before it could be told. */
  TURN_ENDING,
  /** One that came before it was not taken, and order is kept. */
  BEHIND_ANOTHER;

  /** A name for the API and for what is stored; it never changes. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The refusal of this name. */
  public static SteerRefusal ofCode(String code) {
    return valueOf(code.toUpperCase(Locale.ROOT));
  }
}
