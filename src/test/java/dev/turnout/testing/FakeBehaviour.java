package dev.turnout.testing;

import static dev.turnout.testing.FakeJson.JSON;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What the fake shall do with one request: a name and parameters, written {@code e429
 * retryAfter=2}. A value may be a word, {@code "quoted words"} or a JSON object.
 */
record FakeBehaviour(String name, Map<String, String> params, String source) {
  private static final String OPENING = "[[fake:";
  private static final String CLOSING = "]]";
  private static final Pattern NAME = Pattern.compile("\\s*([a-z0-9]+)", Pattern.CASE_INSENSITIVE);
  private static final Pattern KEY = Pattern.compile("\\s*([A-Za-z]+)=");
  private static final Pattern WORD = Pattern.compile("[^\\s\\]]*");

  /** The last marker in this text. */
  static Optional<FakeBehaviour> marked(String text) {
    var at = text.lastIndexOf(OPENING);
    return at < 0 ? Optional.empty() : Optional.of(parse(text.substring(at + OPENING.length())));
  }

  static FakeBehaviour parse(String text) {
    var name = NAME.matcher(text);
    if (!name.lookingAt()) {
      throw new IllegalArgumentException("no behaviour in: " + text);
    }
    var params = new HashMap<String, String>();
    var at = name.end();
    while (at < text.length() && !text.startsWith(CLOSING, at)) {
      var key = KEY.matcher(text).region(at, text.length());
      if (!key.lookingAt()) {
        at++;
        continue;
      }
      var end = endOfValue(text, key.end());
      params.put(key.group(1), unquoted(text.substring(key.end(), end)));
      at = end;
    }
    return new FakeBehaviour(name.group(1), Map.copyOf(params), text.substring(0, at));
  }

  boolean has(String key) {
    return params.containsKey(key);
  }

  String text(String key, String otherwise) {
    return params.getOrDefault(key, otherwise);
  }

  int number(String key, int otherwise) {
    return has(key) ? Integer.parseInt(params.get(key)) : otherwise;
  }

  Duration millis(int otherwise) {
    return Duration.ofMillis(number("ms", otherwise));
  }

  private static String unquoted(String value) {
    return value.startsWith("\"") ? value.substring(1, value.length() - 1) : value;
  }

  private static int endOfValue(String text, int start) {
    if (text.startsWith("\"", start)) {
      return text.indexOf('"', start + 1) + 1;
    }
    if (text.startsWith("{", start)) {
      return endOfObject(text, start);
    }
    var word = WORD.matcher(text).region(start, text.length());
    return word.lookingAt() ? word.end() : start;
  }

  private static int endOfObject(String text, int start) {
    try (var parser = JSON.createParser(text.substring(start))) {
      parser.nextToken();
      parser.skipChildren();
      return start + (int) parser.currentLocation().getCharOffset();
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not JSON: " + text.substring(start), e);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
