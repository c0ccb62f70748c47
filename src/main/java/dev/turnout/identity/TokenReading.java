package dev.turnout.identity;

/** What the claims of a genuine token come to here. */
public sealed interface TokenReading {
  /** Who it lets in; with no scope at all it is known and may do nothing. */
  record Known(Caller caller) implements TokenReading {}

  /**
   * It lets nobody in.
   *
   * @param why a sentence for its holder, in ASCII and without quotes: it stands in a header, too
   */
  record Refused(String why) implements TokenReading {}
}
