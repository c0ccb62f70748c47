package dev.turnout.worker;

/** What an answer has said so far. Of a long one only the beginning and the end are kept. */
final class Spoken {
  /** How much is kept from either end, in characters; of the end up to twice as much. */
  private static final int END = 32_768;

  private final StringBuilder start = new StringBuilder();
  private final StringBuilder end = new StringBuilder();
  private long dropped;

  void add(String text) {
    int toStart = Math.min(text.length(), END - start.length());
    start.append(text, 0, toStart);
    end.append(text, toStart, text.length());
    if (end.length() > 2 * END) {
      int over = end.length() - END;
      end.delete(0, over);
      dropped += over;
    }
  }

  /** What was said is void. */
  void clear() {
    start.setLength(0);
    end.setLength(0);
    dropped = 0;
  }

  String text() {
    return dropped == 0
        ? start.toString() + end
        : start + "\n[… " + dropped + " characters left out …]\n" + end;
  }
}
