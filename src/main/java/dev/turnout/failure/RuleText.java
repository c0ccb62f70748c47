package dev.turnout.failure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A rule in an operator's own words, before anybody has looked whether it holds. The language of
 * {@code when} is explained at {@link Condition}.
 *
 * @param id what stands in every failure that the rule judges
 * @param when what must hold
 * @param reason a {@link FailureReason#code()}
 * @param why what is known of this answer
 */
public record RuleText(String id, String when, String reason, String why) {
  /** Longest condition, in characters: ten times the longest that ships with Turnout. */
  public static final int LONGEST_WHEN = 4_000;

  /** Longest {@code id}, in characters. */
  public static final int LONGEST_ID = 100;

  /** Longest {@code why}, in characters. */
  public static final int LONGEST_WHY = 1_000;

  /** Most rules of one operator: each is looked at for every failure. */
  public static final int MOST_RULES = 500;

  private static final Pattern ID = Pattern.compile(ClassificationRule.ID_PATTERN);

  /** What a text comes to. */
  public sealed interface Result {
    /** Rules that work, in the order of their texts. */
    record Rules(List<ClassificationRule> rules) implements Result {
      public Rules {
        rules = List.copyOf(rules);
      }
    }

    /** Nothing of it is used. */
    record Flawed(List<Flaw> flaws) implements Result {
      public Flawed {
        flaws = List.copyOf(flaws);
      }
    }
  }

  /**
   * One thing that is wrong.
   *
   * @param index of which text, from 0
   * @param field {@code id}, {@code when}, {@code reason} or {@code why}; empty when it is the list
   * @param why ends a sentence that begins with the field
   */
  public record Flaw(int index, String field, String why) {}

  /** Reads these texts; all flaws of all of them are told at once. */
  public static Result parse(List<RuleText> texts) {
    var rules = new ArrayList<ClassificationRule>();
    var flaws = new ArrayList<Flaw>();
    if (texts.size() > MOST_RULES) {
      return new Result.Flawed(
          List.of(
              new Flaw(MOST_RULES, "", "is one rule more than the " + MOST_RULES + " allowed")));
    }
    for (int i = 0; i < texts.size(); i++) {
      texts.get(i).read(i, texts.subList(0, i), flaws).ifPresent(rules::add);
    }
    return flaws.isEmpty() ? new Result.Rules(rules) : new Result.Flawed(flaws);
  }

  private Optional<ClassificationRule> read(
      int index, Collection<RuleText> earlier, List<Flaw> flaws) {
    int before = flaws.size();
    if (!ID.matcher(id).matches() || id.length() > LONGEST_ID) {
      flaws.add(
          new Flaw(index, "id", "must be small letters and digits, joined by dots or dashes"));
    } else if (earlier.stream().anyMatch(other -> other.id.equals(id))) {
      flaws.add(new Flaw(index, "id", "is the id of an earlier rule of this list"));
    }
    var meaning = reasonOf(reason);
    if (meaning.isEmpty()) {
      flaws.add(new Flaw(index, "reason", "must be the code of a reason that a backend can give"));
    }
    if (why.isBlank() || why.length() > LONGEST_WHY) {
      flaws.add(new Flaw(index, "why", "must have 1 to " + LONGEST_WHY + " characters"));
    }
    var condition = condition(index, flaws);
    return flaws.size() == before && condition.isPresent()
        ? meaning.map(found -> new ClassificationRule(id, condition.get(), found, why))
        : Optional.empty();
  }

  private Optional<Condition> condition(int index, List<Flaw> flaws) {
    if (when.isBlank() || when.length() > LONGEST_WHEN) {
      flaws.add(new Flaw(index, "when", "must have 1 to " + LONGEST_WHEN + " characters"));
      return Optional.empty();
    }
    try {
      return Optional.of(Condition.parse(when));
    } catch (IllegalArgumentException e) {
      flaws.add(new Flaw(index, "when", "cannot be read: " + e.getMessage()));
      return Optional.empty();
    }
  }

  /** The reason of this very code, unless no backend can have given it. */
  private static Optional<FailureReason> reasonOf(String code) {
    return Arrays.stream(FailureReason.values())
        .filter(reason -> reason.code().equals(code))
        // These are said of a turn that nobody was asked for.
        .filter(reason -> reason != FailureReason.NO_CANDIDATE && reason != FailureReason.EXPIRED)
        .findFirst();
  }
}
