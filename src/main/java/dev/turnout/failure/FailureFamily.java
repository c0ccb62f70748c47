package dev.turnout.failure;

/** Who can help when a turn fails; the coarse label of every {@link FailureReason}. */
public enum FailureFamily {
  /** The caller: another input, another size, another model name. */
  CALLER,
  /** The provider, or the person who holds the account with it. */
  PROVIDER,
  /** Nobody needs to act; something is full or resting and frees itself. */
  CAPACITY,
  /**
   * The operator of this machine: a missing program, a crash, a full disk. Never harms a
   * credential.
   */
  LOCAL,
  /** We: a defect of Turnout. */
  OURS
}
