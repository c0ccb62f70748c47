package dev.turnout.http;

import org.jspecify.annotations.Nullable;

/**
 * How many entries of a list a caller wants at once. Read here and not by the framework, which
 * answers 404 to a number that it cannot read.
 */
public final class PageLimit {
  /** The smallest page, as the published description has it. */
  public static final String SMALLEST = "1";

  /** The largest page, as the published description has it. */
  public static final String LARGEST = "200";

  /** The page of whoever names no size, as the published description has it. */
  public static final String USUAL = "50";

  private PageLimit() {}

  /**
   * The size that the parameter {@code limit} asks for, 1 to 200; 50 when it is absent.
   *
   * @throws ProblemException when it is no such number
   */
  public static int read(@Nullable String limit) {
    var text = limit == null ? USUAL : limit;
    try {
      int size = Integer.parseInt(text);
      if (size >= Integer.parseInt(SMALLEST) && size <= Integer.parseInt(LARGEST)) {
        return size;
      }
    } catch (NumberFormatException e) {
      // Refused below, like a number out of range.
    }
    throw new ProblemException(
        Problem.ofParameter("limit", "must be a whole number from " + SMALLEST + " to " + LARGEST));
  }
}
