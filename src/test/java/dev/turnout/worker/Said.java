package dev.turnout.worker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.turnout.testing.FakeModelApi;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Every text in a request to a model, in whichever protocol, and whether the user said it. */
record Said(List<Text> texts) {
  private static final ObjectMapper JSON = new ObjectMapper();

  record Text(boolean user, String text) {}

  static Said in(FakeModelApi.Seen seen) {
    try {
      var texts = new ArrayList<Text>();
      collect(JSON.readTree(seen.body()), false, texts);
      return new Said(texts);
    } catch (JsonProcessingException e) {
      throw new AssertionError("not JSON: " + seen.body(), e);
    }
  }

  private static void collect(JsonNode node, boolean user, List<Text> texts) {
    boolean inside = node.has("role") ? node.path("role").asText().equals("user") : user;
    if (node.isTextual()) {
      texts.add(new Text(inside, node.asText()));
    }
    node.forEach(child -> collect(child, inside, texts));
  }

  boolean anywhere(Predicate<String> fits) {
    return texts.stream().anyMatch(text -> fits.test(text.text));
  }

  /** Whether the user said a text such as this, as one whole text of the request. */
  boolean byUser(Predicate<String> fits) {
    return texts.stream().anyMatch(text -> text.user && fits.test(text.text));
  }
}
