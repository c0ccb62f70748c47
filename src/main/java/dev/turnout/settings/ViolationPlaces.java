package dev.turnout.settings;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds the place in the document that a violation speaks of. */
final class ViolationPlaces {
  private final Map<String, SettingPath> byKey = new HashMap<>();
  private final List<String> longestFirst;

  /** Of these places, which violations name with or without quotes, or name something below. */
  ViolationPlaces(Collection<SettingPath> places) {
    for (var path : places) {
      for (int i = 0; i <= path.steps().size(); i++) {
        var start = new SettingPath(path.steps().subList(0, i));
        byKey.putIfAbsent(start.key(), start);
        byKey.putIfAbsent(start.property(), start);
      }
    }
    longestFirst = new ArrayList<>(byKey.keySet());
    longestFirst.sort(Comparator.comparingInt(String::length).reversed());
  }

  SettingFlaw flaw(String violation) {
    for (var key : longestFirst) {
      if (violation.startsWith(key) && endsAt(violation, key.length())) {
        var rest = violation.substring(key.length());
        int end = rest.indexOf(": ");
        if (end >= 0) {
          var path = byKey.getOrDefault(key, SettingPath.ROOT);
          var below = SettingPath.ofProperty("turnout." + rest.substring(0, end)).steps();
          for (var step : below) {
            path = path.then(step);
          }
          return new SettingFlaw(path.pointer(), rest.substring(end + 2));
        }
      }
    }
    return new SettingFlaw("", violation);
  }

  private static boolean endsAt(String text, int place) {
    return place < text.length() && ":.[".indexOf(text.charAt(place)) >= 0;
  }
}
