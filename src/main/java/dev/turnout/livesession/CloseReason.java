package dev.turnout.livesession;

import java.util.Locale;

/** Why a living process was ended. */
public enum CloseReason {
  /** Nobody asked it anything for too long. */
  IDLE,
  /** It has lived for as long as it may. */
  MAX_AGE,
  /** It has had as many turns as it may. */
  MAX_TURNS,
  /** It was started with something that has changed since. */
  STALE,
  /** The session goes on with another conversation than the one that it knows. */
  OTHER_CONVERSATION,
  /** Another session needed its place. */
  EVICTED,
  /** It ended by itself. */
  CRASHED,
  /** There was nothing to start, or it could not be prepared. */
  NOT_STARTED,
  /** It did not become ready in time. */
  NEVER_READY,
  /** A turn was to end and the process did not let go of it. */
  DID_NOT_YIELD,
  /** Its turn was past all limits, and nobody listened to it any more. */
  STUCK,
  /** It wrote more than it may. */
  FLOODED,
  /** We broke while we listened to it, and know no longer what it has said. */
  OUT_OF_STEP,
  /** The session is gone, or begins anew. */
  SESSION_ENDED,
  /** The backend no longer keeps living processes. */
  SWITCHED_OFF,
  /** An admin wanted it, at once. */
  CLOSED_BY_ADMIN,
  /** An admin wanted a fresh one, after its turn. */
  RECYCLED,
  /** Turnout stops. */
  SHUTDOWN;

  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }
}
