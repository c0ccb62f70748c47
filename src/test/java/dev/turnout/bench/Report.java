package dev.turnout.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** What was measured, as a page and as JSON. */
final class Report {
  private final Map<String, Object> circumstances;
  private final Figures figures;

  Report(Map<String, Object> circumstances, Figures figures) {
    this.circumstances = circumstances;
    this.figures = figures;
  }

  void write(Path directory) throws IOException {
    var page = page();
    Files.writeString(directory.resolve("report.md"), page);
    new ObjectMapper()
        .enable(SerializationFeature.INDENT_OUTPUT)
        .writeValue(directory.resolve("report.json").toFile(), json());
    System.out.println("\n" + page);
    System.out.println("written to " + directory.resolve("report.md") + " and report.json");
  }

  private String page() {
    var page = new StringBuilder("# Measured\n\n");
    circumstances.forEach((key, value) -> page.append("- ").append(key + ": " + value + "\n"));
    if (!figures.goals().isEmpty()) {
      page.append("\n| to reach | goal | median | min | max | reached |\n");
      page.append("|---|---|---|---|---|---|\n");
      for (var goal : figures.goals()) {
        var of = goal.reached();
        page.append(
            "| %s | %s | %s | %s |\n"
                .formatted(of.name(), wanted(goal), numbers(of), verdict(goal)));
      }
    }
    page.append("\n| measured | unit | median | min | max |\n|---|---|---|---|---|\n");
    for (var series : figures.series()) {
      page.append("| %s | %s | %s |\n".formatted(series.name(), series.unit(), numbers(series)));
    }
    return page.toString();
  }

  private static String wanted(Figures.Goal goal) {
    return goal.isSet()
        ? (goal.atLeast() ? "≥ " : "≤ ") + Figures.number(goal.goal()) + " " + goal.reached().unit()
        : "–";
  }

  private static String verdict(Figures.Goal goal) {
    if (!goal.isSet()) {
      return "–";
    }
    return goal.met() ? "yes" : "**no**";
  }

  private static String numbers(Figures.Series series) {
    return String.format(
        Locale.ROOT,
        "%s | %s | %s",
        Figures.number(series.median()),
        Figures.number(series.min()),
        Figures.number(series.max()));
  }

  private Map<String, Object> json() {
    var json = new LinkedHashMap<String, Object>(circumstances);
    json.put(
        "goals",
        figures.goals().stream()
            .filter(Figures.Goal::isSet)
            .map(
                goal ->
                    Map.of(
                        "name", goal.reached().name(),
                        "unit", goal.reached().unit(),
                        "goal", goal.goal(),
                        "atLeast", goal.atLeast(),
                        "rounds", goal.reached().rounds(),
                        "met", goal.met()))
            .toList());
    json.put("figures", figures.series());
    return json;
  }
}
