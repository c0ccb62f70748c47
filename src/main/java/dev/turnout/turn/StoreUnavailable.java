package dev.turnout.turn;

/**
 * The database did not answer. Whether the last write took effect is unknown; asking again with the
 * same idempotency key finds out.
 */
public final class StoreUnavailable extends RuntimeException {
  private static final long serialVersionUID = 1;

  public StoreUnavailable(String message, Throwable cause) {
    super(message, cause);
  }
}
