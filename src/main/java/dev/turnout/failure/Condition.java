package dev.turnout.failure;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What a rule asks of the facts. Its text form, which {@link #parse} reads and {@code toString}
 * writes, is how rules are kept, sent and shown:
 *
 * <pre>
 *   status = 400|422                    one of these, in any case
 *   status = 500..599                   a number in this range, both ends included
 *   code = throttl*|rate_limit*         begins with one of these
 *   has header.retry-after              is there
 *   says "out of extra usage"|"余额不足"   the message contains one of these, in any case
 *   not has status                      the opposite of one of the above
 *   status = 400 and says "extra usage" all of these
 * </pre>
 *
 * There is no "or" between conditions: that is a second rule, with a reason of its own.
 */
public sealed interface Condition {
  /** Whether the facts are so. */
  boolean holds(SignalFacts facts);

  /** The fact that decides, for the operator who asks why. */
  String field();

  /**
   * The condition in this text.
   *
   * @throws IllegalArgumentException saying what is wrong with it, and where
   */
  static Condition parse(String text) {
    return new ConditionParser(text).read();
  }

  /**
   * The fact is one of these values.
   *
   * @param values in lower case
   */
  record OneOf(String field, List<String> values) implements Condition {
    public OneOf {
      values = lower(values);
    }

    @Override
    public boolean holds(SignalFacts facts) {
      return values.contains(facts.lowered(field));
    }

    @Override
    public String toString() {
      return field + " = " + String.join("|", values);
    }
  }

  /**
   * The fact begins with one of these.
   *
   * @param prefixes in lower case
   */
  record StartsWith(String field, List<String> prefixes) implements Condition {
    public StartsWith {
      prefixes = lower(prefixes);
    }

    @Override
    public boolean holds(SignalFacts facts) {
      var value = facts.lowered(field);
      return prefixes.stream().anyMatch(value::startsWith);
    }

    @Override
    public String toString() {
      return field + " = " + prefixes.stream().map(p -> p + "*").collect(Collectors.joining("|"));
    }
  }

  /** The fact is a whole number from {@code from} to {@code to}, both included. */
  record Between(String field, int from, int to) implements Condition {
    @Override
    public boolean holds(SignalFacts facts) {
      var value = facts.lowered(field);
      if (value.isEmpty() || value.length() > 9 || !value.chars().allMatch(Condition::isDigit)) {
        return false;
      }
      int number = Integer.parseInt(value);
      return from <= number && number <= to;
    }

    @Override
    public String toString() {
      return field + " = " + from + ".." + to;
    }
  }

  /** The fact is there. */
  record Has(String field) implements Condition {
    @Override
    public boolean holds(SignalFacts facts) {
      return facts.has(field);
    }

    @Override
    public String toString() {
      return "has " + field;
    }
  }

  /**
   * The message contains one of these phrases.
   *
   * @param phrases in lower case
   */
  record Says(List<String> phrases) implements Condition {
    public Says {
      phrases = lower(phrases);
    }

    @Override
    public boolean holds(SignalFacts facts) {
      for (var phrase : phrases) {
        if (facts.says(phrase)) {
          return true;
        }
      }
      return false;
    }

    @Override
    public String field() {
      return "message";
    }

    @Override
    public String toString() {
      return "says " + phrases.stream().map(p -> "\"" + p + "\"").collect(Collectors.joining("|"));
    }
  }

  /** The opposite. */
  record Not(Condition inner) implements Condition {
    @Override
    public boolean holds(SignalFacts facts) {
      return !inner.holds(facts);
    }

    @Override
    public String field() {
      return inner.field();
    }

    @Override
    public String toString() {
      return "not " + inner;
    }
  }

  /** All of these, at least two; none of them is an {@code All} itself. */
  record All(List<Condition> parts) implements Condition {
    public All {
      parts = List.copyOf(parts);
    }

    @Override
    public boolean holds(SignalFacts facts) {
      for (var part : parts) {
        if (!part.holds(facts)) {
          return false;
        }
      }
      return true;
    }

    /** The last that must be there: rules name the surroundings first, and then what tells. */
    @Override
    public String field() {
      return parts.stream()
          .filter(part -> !(part instanceof Not))
          .reduce((_, later) -> later)
          .orElse(parts.getLast())
          .field();
    }

    @Override
    public String toString() {
      return parts.stream().map(Condition::toString).collect(Collectors.joining(" and "));
    }
  }

  private static boolean isDigit(int character) {
    return '0' <= character && character <= '9';
  }

  private static List<String> lower(List<String> texts) {
    return texts.stream().map(text -> text.toLowerCase(Locale.ROOT)).toList();
  }
}
