package dev.turnout.demo;

import java.util.LinkedHashMap;
import java.util.Map;

/** As much JSON as the demo agent needs: an object whose values are strings. */
final class FlatJson {
  private final String text;
  private int at;

  private FlatJson(String text) {
    this.text = text;
  }

  /**
   * Reads one object.
   *
   * @throws IllegalArgumentException when it is anything else
   */
  static Map<String, String> read(String line) {
    return new FlatJson(line.strip()).object();
  }

  private Map<String, String> object() {
    var object = new LinkedHashMap<String, String>();
    expect('{');
    while (true) {
      var name = string();
      expect(':');
      object.put(name, string());
      if (peek() == '}') {
        at++;
        if (at != text.length()) {
          throw new IllegalArgumentException("more than an object");
        }
        return object;
      }
      expect(',');
    }
  }

  private char peek() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    if (at == text.length()) {
      throw new IllegalArgumentException("cut off");
    }
    return text.charAt(at);
  }

  private void expect(char sign) {
    if (peek() != sign) {
      throw new IllegalArgumentException(sign + " expected at " + at);
    }
    at++;
  }

  private String string() {
    expect('"');
    var plain = new StringBuilder();
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == '"') {
        return plain.toString();
      }
      plain.append(c == '\\' ? escaped() : c);
    }
    throw new IllegalArgumentException("cut off");
  }

  private char escaped() {
    char sign = at < text.length() ? text.charAt(at++) : ' ';
    return switch (sign) {
      case 'n' -> '\n';
      case 't' -> '\t';
      case 'r' -> '\r';
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'u' -> {
        at += 4;
        if (at > text.length()) {
          throw new IllegalArgumentException("cut off");
        }
        yield (char) Integer.parseInt(text.substring(at - 4, at), 16);
      }
      default -> sign;
    };
  }

  /** A string as JSON. */
  static String quote(String text) {
    var quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> quoted.append("\\\"");
        case '\\' -> quoted.append("\\\\");
        case '\n' -> quoted.append("\\n");
        default -> {
          if (c < 0x20) {
            quoted.append(String.format("\\u%04x", (int) c));
          } else {
            quoted.append(c);
          }
        }
      }
    }
    return quoted.append('"').toString();
  }
}
