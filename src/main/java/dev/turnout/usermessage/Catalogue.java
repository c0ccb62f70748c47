package dev.turnout.usermessage;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;

/** The texts, by language and key; read once. */
final class Catalogue {
  private static final Map<Language, Properties> TEXTS = new EnumMap<>(Language.class);

  static {
    for (var language : Language.values()) {
      TEXTS.put(language, read("messages_" + language.locale().getLanguage() + ".properties"));
    }
  }

  private Catalogue() {}

  static String text(Language language, String key) {
    var text = texts(language).getProperty(key);
    if (text == null) {
      throw new IllegalStateException("no text for " + key + " in " + language);
    }
    return text;
  }

  static Set<String> keys(Language language) {
    return texts(language).stringPropertyNames();
  }

  private static Properties texts(Language language) {
    var texts = TEXTS.get(language);
    if (texts == null) {
      throw new IllegalStateException("no texts in " + language);
    }
    return texts;
  }

  private static Properties read(String name) {
    try (var in = Catalogue.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the texts are missing: " + name);
      }
      var texts = new Properties();
      texts.load(new InputStreamReader(in, StandardCharsets.UTF_8));
      return texts;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
