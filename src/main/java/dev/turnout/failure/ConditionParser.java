package dev.turnout.failure;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the text form of a {@link Condition}. */
final class ConditionParser {
  private static final Pattern TOKEN = Pattern.compile("\\s*(\"[^\"]*\"|[|=]|[^\\s|=\"]+)");
  private static final Pattern RANGE = Pattern.compile("(\\d{1,9})\\.\\.(\\d{1,9})");
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][\\w.-]*");

  private final String text;
  private final List<String> tokens = new ArrayList<>();
  private int next;

  ConditionParser(String text) {
    this.text = text.strip();
    Matcher matcher = TOKEN.matcher(this.text);
    int end = 0;
    while (end < this.text.length()) {
      if (!matcher.find(end) || matcher.start() != end) {
        throw wrong("an unfinished quotation at character " + (end + 1));
      }
      tokens.add(matcher.group(1));
      end = matcher.end();
    }
  }

  Condition read() {
    var parts = new ArrayList<Condition>();
    parts.add(one());
    while (next < tokens.size()) {
      expect("and");
      parts.add(one());
    }
    return parts.size() == 1 ? parts.getFirst() : new Condition.All(parts);
  }

  private Condition one() {
    var word = take("a condition");
    return switch (word) {
      case "not" -> new Condition.Not(negated());
      case "has" -> new Condition.Has(name(take("the name of a fact")));
      case "says" -> new Condition.Says(phrases());
      default -> {
        var field = name(word);
        expect("=");
        yield comparison(field, alternatives());
      }
    };
  }

  /**
   * Nothing nests: a rule of a thousand words would else be read on as many frames of the stack.
   */
  private Condition negated() {
    if (next < tokens.size() && tokens.get(next).equals("not")) {
      throw wrong("not stands once before a condition");
    }
    return one();
  }

  private Condition comparison(String field, List<String> values) {
    for (var value : values) {
      // Each of these would be taken by the letter, and then no fact would ever be so.
      if (value.startsWith("\"") || value.equals("=") || value.equals("|")) {
        throw wrong("a value without quotes is expected, not " + value);
      }
      if (values.size() > 1 && RANGE.matcher(value).matches()) {
        throw wrong("a range stands alone, not beside other values: " + value);
      }
    }
    var range = RANGE.matcher(values.getFirst());
    if (values.size() == 1 && range.matches()) {
      int from = Integer.parseInt(range.group(1));
      int to = Integer.parseInt(range.group(2));
      if (from > to) {
        throw wrong("the range " + from + ".." + to + " is empty");
      }
      return new Condition.Between(field, from, to);
    }
    long open = values.stream().filter(value -> value.endsWith("*")).count();
    if (open == 0) {
      return new Condition.OneOf(field, values);
    }
    if (open < values.size()) {
      throw wrong("either all values of " + field + " end with * or none");
    }
    return new Condition.StartsWith(
        field, values.stream().map(value -> value.substring(0, value.length() - 1)).toList());
  }

  private List<String> phrases() {
    var phrases = new ArrayList<String>();
    for (var quoted : alternatives()) {
      if (!quoted.startsWith("\"") || quoted.length() < 4) {
        throw wrong("a phrase of two characters or more in quotes is expected, not " + quoted);
      }
      phrases.add(quoted.substring(1, quoted.length() - 1));
    }
    return phrases;
  }

  private List<String> alternatives() {
    var found = new ArrayList<String>();
    found.add(take("a value"));
    while (next < tokens.size() && tokens.get(next).equals("|")) {
      next++;
      found.add(take("a value"));
    }
    return found;
  }

  private String name(String word) {
    if (!NAME.matcher(word).matches()) {
      throw wrong("the name of a fact is expected, not " + word);
    }
    return word;
  }

  private void expect(String token) {
    var found = take("\"" + token + "\"");
    if (!found.equals(token)) {
      throw wrong("\"" + token + "\" is expected, not " + found);
    }
  }

  private String take(String expected) {
    if (next == tokens.size()) {
      throw wrong(expected + " is missing at the end");
    }
    return tokens.get(next++);
  }

  private IllegalArgumentException wrong(String what) {
    return new IllegalArgumentException(what + ": " + text);
  }
}
