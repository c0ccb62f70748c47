package dev.turnout.queue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.turn.AuthProfileId;
import dev.turnout.turn.BackendId;
import dev.turnout.turn.Candidate;
import dev.turnout.turn.RouteChoice;
import java.util.ArrayList;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a caller chose, as two columns of a turn: the model as it is, and the rest as JSON, which
 * most turns do not have.
 */
final class RouteChoices {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String BACKEND = "backend";
  private static final String MODEL = "model";
  private static final String AUTH_PROFILE = "authProfile";
  private static final String CHAIN = "chain";
  private static final String LANGUAGE = "language";

  private RouteChoices() {}

  /** The column {@code route}; null where at most a model was chosen. */
  static @Nullable String write(RouteChoice choice) {
    if (choice.equals(RouteChoice.ofModel(choice.model()))) {
      return null;
    }
    var json = MAPPER.createObjectNode();
    choice.backend().ifPresent(backend -> json.put(BACKEND, backend.value()));
    choice.authProfile().ifPresent(profile -> json.put(AUTH_PROFILE, profile.value()));
    choice.language().ifPresent(tag -> json.put(LANGUAGE, tag));
    if (!choice.chain().isEmpty()) {
      var chain = json.putArray(CHAIN);
      choice.chain().forEach(candidate -> write(candidate, chain.addObject()));
    }
    return json.toString();
  }

  private static void write(Candidate candidate, ObjectNode json) {
    json.put(BACKEND, candidate.backend().value());
    candidate.model().ifPresent(model -> json.put(MODEL, model));
    candidate.authProfile().ifPresent(profile -> json.put(AUTH_PROFILE, profile.value()));
  }

  /** The choice in these columns. */
  static RouteChoice read(@Nullable String model, @Nullable String route) {
    var chosen = Optional.ofNullable(model);
    if (route == null) {
      return RouteChoice.ofModel(chosen);
    }
    try {
      var json = MAPPER.readTree(route);
      var chain = new ArrayList<Candidate>();
      for (var entry : json.path(CHAIN)) {
        chain.add(
            new Candidate(
                new BackendId(entry.path(BACKEND).asText()),
                text(entry, MODEL),
                text(entry, AUTH_PROFILE).map(AuthProfileId::new)));
      }
      return new RouteChoice(
          chosen,
          text(json, BACKEND).map(BackendId::new),
          text(json, AUTH_PROFILE).map(AuthProfileId::new),
          chain,
          text(json, LANGUAGE));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a stored choice is not readable", e);
    }
  }

  private static Optional<String> text(JsonNode json, String field) {
    return json.hasNonNull(field) ? Optional.of(json.path(field).asText()) : Optional.empty();
  }
}
