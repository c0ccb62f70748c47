package dev.turnout.turn;

/**
 * The database did not answer. Whether the last write took effect is unknown; asking again with the
 * same idempotency key finds out.
 */
public final class StoreUnavailable extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * What was not done, and why.
   *
   * @param cause its message becomes a part of ours: whoever reads the log has only that
   */
  public StoreUnavailable(String message, Throwable cause) {
    super(cause.getMessage() == null ? message : message + ": " + cause.getMessage(), cause);
  }
}
