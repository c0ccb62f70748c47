package dev.turnout.failure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Reads rules from text: {@code reason id} at the margin, then {@code when} and {@code why}
 * indented by two below it. A line that goes on is indented further; {@code #} begins a comment.
 */
final class RuleFile {
  private static final Pattern HEAD = Pattern.compile("(\\w+)\\s+(\\S+)");
  private static final Pattern PART = Pattern.compile(" {2}(when|why)\\s+(.*)");

  private final List<ClassificationRule> rules = new ArrayList<>();
  private String reason = "";
  private String id = "";
  private StringBuilder when = new StringBuilder();
  private StringBuilder why = new StringBuilder();
  private StringBuilder open = new StringBuilder();

  private RuleFile() {}

  static List<ClassificationRule> resource(String name) {
    try (var in = RuleFile.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the file of rules is missing: " + name);
      }
      return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<ClassificationRule> parse(String text) {
    var file = new RuleFile();
    text.lines().filter(line -> !line.isBlank() && line.charAt(0) != '#').forEach(file::line);
    file.close();
    return List.copyOf(file.rules);
  }

  private void line(String line) {
    var head = HEAD.matcher(line);
    if (head.matches()) {
      close();
      reason = head.group(1);
      id = head.group(2);
      return;
    }
    var part = PART.matcher(line);
    if (part.matches()) {
      open = part.group(1).equals("when") ? when : why;
      open.append(part.group(2));
    } else {
      open.append(' ').append(line.strip());
    }
  }

  private void close() {
    if (!id.isEmpty()) {
      rules.add(ClassificationRule.of(id, when.toString(), reason, why.toString()));
    }
    when = new StringBuilder();
    why = new StringBuilder();
    open = new StringBuilder();
  }
}
