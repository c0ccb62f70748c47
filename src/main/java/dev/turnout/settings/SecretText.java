package dev.turnout.settings;

import dev.turnout.settings.AuthProfileSettings.SecretRef;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text that may name secrets without holding them: {@code Bearer {env:NAME}} or {@code
 * {file:/absolute/path}}. Fit to be shown.
 */
public record SecretText(String template) {
  static final Pattern REFERENCE =
      Pattern.compile("\\{(?:env:(" + Violations.VARIABLE + ")|file:(/[^{}]+))}");

  /** The secrets that it names. */
  public List<SecretRef> references() {
    var found = new ArrayList<SecretRef>();
    var reference = REFERENCE.matcher(template);
    while (reference.find()) {
      found.add(ref(reference));
    }
    return found;
  }

  /** The text with its secrets; empty when one of them is not there. */
  public Optional<String> filled(Function<SecretRef, Optional<String>> secrets) {
    var text = new StringBuilder();
    var reference = REFERENCE.matcher(template);
    while (reference.find()) {
      var secret = secrets.apply(ref(reference));
      if (secret.isEmpty()) {
        return Optional.empty();
      }
      reference.appendReplacement(text, Matcher.quoteReplacement(secret.get()));
    }
    return Optional.of(reference.appendTail(text).toString());
  }

  private static SecretRef ref(Matcher reference) {
    return reference.group(1) != null
        ? new SecretRef.Environment(reference.group(1))
        : new SecretRef.InFile(Path.of(reference.group(2)));
  }
}
