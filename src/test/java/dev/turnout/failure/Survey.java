package dev.turnout.failure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;

/** One surveyed failure, read from {@code failure/survey.txt}. */
record Survey(String name, SignalFacts facts, FailureReason reason, String rule) {

  static List<Survey> all() {
    try (var in = Survey.class.getResourceAsStream("/failure/survey.txt")) {
      if (in == null) {
        throw new IllegalStateException("no survey");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .map(Survey::of)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Survey of(String line) {
    var columns = line.split("\\|", -1);
    if (columns.length != 5) {
      throw new IllegalArgumentException("five columns are expected: " + line);
    }
    return new Survey(
        columns[0].strip(),
        facts(columns[1].strip(), columns[2].strip()),
        FailureReason.ofCode(columns[3].strip()),
        columns[4].strip());
  }

  static SignalFacts facts(String fields, String message) {
    var values = new HashMap<String, String>();
    for (var field : fields.split(";\\s*", -1)) {
      var pair = field.split("=", 2);
      values.put(pair[0].strip(), pair[1].strip());
    }
    values.putIfAbsent("kind", values.containsKey("cli") ? "cli" : "http");
    if (!message.isEmpty()) {
      values.put("message", message);
    }
    return SignalFacts.of(values);
  }

  @Override
  public String toString() {
    return name;
  }
}
