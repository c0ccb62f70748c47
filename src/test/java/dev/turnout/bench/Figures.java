package dev.turnout.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;

/** What was measured, round by round, and how it stands to what was to be reached. */
final class Figures {
  private final Map<String, Series> series = new LinkedHashMap<>();
  private final List<Goal> goals = new ArrayList<>();

  /** One value a round. */
  record Series(String name, String unit, List<Double> rounds) {
    double min() {
      return rounds.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
    }

    double max() {
      return rounds.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    }

    double median() {
      var sorted = rounds.stream().sorted().toList();
      int half = sorted.size() / 2;
      return sorted.size() % 2 == 1
          ? sorted.get(half)
          : (sorted.get(half - 1) + sorted.get(half)) / 2;
    }
  }

  /**
   * A figure to reach.
   *
   * @param goal NaN when there is nothing to reach
   * @param atLeast whether more is better; else less is
   */
  record Goal(Series reached, double goal, boolean atLeast) {
    boolean isSet() {
      return !Double.isNaN(goal);
    }

    boolean met() {
      return atLeast ? reached.median() >= goal : reached.median() <= goal;
    }
  }

  /** Adds the value of the next round. */
  void add(String name, String unit, double value) {
    series.computeIfAbsent(name, _ -> new Series(name, unit, new ArrayList<>())).rounds.add(value);
    System.out.printf(Locale.ROOT, "  %-62s %12s %s%n", name, number(value), unit);
  }

  /** A figure is to be at least, or at most, this much; the median of the rounds counts. */
  void goal(String name, double goal, boolean atLeast) {
    var reached = series.get(name);
    if (reached != null) {
      goals.add(new Goal(reached, goal, atLeast));
    }
  }

  /** How one figure stands to another of the same round, with nothing to reach. */
  void ratio(String name, String of, String to) {
    ratioGoal(name, of, List.of(to), Double.NaN, true);
  }

  /** One figure is to be at least, or at most, this many times another of the same round. */
  void ratioGoal(String name, String of, String to, double goal, boolean atLeast) {
    ratioGoal(name, of, List.of(to), goal, atLeast);
  }

  /** As above, against the best (the largest) of several in each round. */
  void ratioGoal(String name, String of, List<String> to, double goal, boolean atLeast) {
    var above = series.get(of);
    var below = to.stream().map(series::get).filter(found -> found != null).toList();
    if (above == null || below.isEmpty()) {
      return;
    }
    DoubleBinaryOperator best = Math::max;
    var ratios = new ArrayList<Double>();
    for (int i = 0; i < above.rounds.size(); i++) {
      int round = i;
      double most = below.stream().mapToDouble(s -> s.rounds.get(round)).reduce(best).orElseThrow();
      ratios.add(above.rounds.get(i) / most);
    }
    goals.add(new Goal(new Series(name, "×", ratios), goal, atLeast));
  }

  List<Series> series() {
    return List.copyOf(series.values());
  }

  List<Goal> goals() {
    return List.copyOf(goals);
  }

  /** As many digits as mean something. */
  static String number(double value) {
    var pattern = Math.abs(value) >= 100 ? "%.0f" : Math.abs(value) >= 10 ? "%.1f" : "%.2f";
    return String.format(Locale.ROOT, pattern, value);
  }
}
