package dev.turnout.settings;

import dev.turnout.usermessage.Language;
import dev.turnout.usermessage.MessageTexts;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Reads what people are told in an operator's own words. */
final class MessageReader {
  private MessageReader() {}

  static MessageTexts read(Map<String, Map<String, String>> messages, Violations violations) {
    var own = new EnumMap<Language, Map<String, String>>(Language.class);
    messages.forEach(
        (tag, texts) ->
            language(tag)
                .ifPresentOrElse(
                    language -> own.put(language, texts(language, tag, texts, violations)),
                    () -> violations.add("messages." + tag, tag, "one of " + tags())));
    return new MessageTexts(own);
  }

  private static Map<String, String> texts(
      Language language, String tag, Map<String, String> texts, Violations violations) {
    var good = new HashMap<String, String>();
    texts.forEach(
        (name, text) ->
            MessageTexts.flaw(language, name, text)
                .ifPresentOrElse(
                    why -> violations.say("messages." + tag + "." + name, why),
                    () -> good.put(name, text)));
    return good;
  }

  private static Optional<Language> language(String tag) {
    return Arrays.stream(Language.values()).filter(l -> l.tag().equals(tag)).findFirst();
  }

  private static String tags() {
    return Arrays.stream(Language.values()).map(Language::tag).toList().toString();
  }
}
