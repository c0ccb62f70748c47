package dev.turnout.boot;

import io.quarkus.logging.LoggingFilter;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.logging.Filter;
import java.util.logging.LogRecord;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.jspecify.annotations.Nullable;

/**
 * The door through which every text goes into a log, whoever wrote it: ours, the framework's, or
 * what a caller or a backend got into a message. One record is one line, and a line shows what it
 * is: no character of a message can end it, colour it, turn its direction or hide itself.
 */
@LoggingFilter(name = "log-door")
public final class LogDoor implements Filter {
  /** Longest message, in characters: a log is no place to store what somebody sent. */
  static final int LONGEST = 8_000;

  private static final PatternFormatter WORDS = new PatternFormatter("%s");

  /** Longer chains of causes are circles. */
  private static final int MAX_CAUSES = 20;

  @Override
  public boolean isLoggable(LogRecord entry) {
    var message = formatted(entry);
    var inert = inert(message);
    if (!inert.equals(message)) {
      entry.setParameters(null);
      if (entry instanceof ExtLogRecord extended) {
        extended.setMessage(inert, ExtLogRecord.FormatStyle.NO_FORMAT);
      } else {
        entry.setMessage(inert);
      }
    }
    @Nullable Throwable thrown = entry.getThrown();
    if (thrown != null && !(thrown instanceof Told)) {
      entry.setThrown(told(thrown, 0, Collections.newSetFromMap(new IdentityHashMap<>())));
    }
    return true;
  }

  /** The message alone, with its parameters filled in. */
  private static String formatted(LogRecord entry) {
    return WORDS.format(ExtLogRecord.wrap(entry));
  }

  /** The same text with what is no plain character written as {@code \\u000a}. */
  static String inert(String text) {
    int first = 0;
    while (first < text.length() && isPlain(text.charAt(first))) {
      first++;
    }
    if (first == text.length() && first <= LONGEST) {
      return text;
    }
    var inert = new StringBuilder();
    for (int i = 0; i < text.length() && inert.length() < LONGEST; i++) {
      char c = text.charAt(i);
      if (isPlain(c)) {
        inert.append(c);
      } else {
        inert.append(String.format("\\u%04x", (int) c));
      }
    }
    return text.length() > LONGEST ? inert.append(" …").toString() : inert.toString();
  }

  /** Pairs of surrogates are; control, format and separator characters of all kinds are not. */
  private static boolean isPlain(char c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL -> c == '\t';
      case Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> false;
      default -> true;
    };
  }

  /** What was thrown, with the same places and inert words. */
  private static final class Told extends Throwable {
    private final String words;

    Told(Throwable thrown, @Nullable Throwable cause) {
      super(null, cause, true, true);
      this.words = inert(thrown.toString());
      setStackTrace(thrown.getStackTrace());
    }

    // Its class is told too, which is not its own.
    @SuppressWarnings("OverrideThrowableToString")
    @Override
    public String toString() {
      return words;
    }
  }

  private static Told told(Throwable thrown, int depth, Set<Throwable> seen) {
    seen.add(thrown);
    @Nullable Throwable cause = thrown.getCause();
    boolean goesOn = cause != null && depth < MAX_CAUSES && !seen.contains(cause);
    var told = new Told(thrown, goesOn && cause != null ? told(cause, depth + 1, seen) : null);
    for (var suppressed : thrown.getSuppressed()) {
      if (depth < MAX_CAUSES && !seen.contains(suppressed)) {
        told.addSuppressed(told(suppressed, depth + 1, seen));
      }
    }
    return told;
  }
}
