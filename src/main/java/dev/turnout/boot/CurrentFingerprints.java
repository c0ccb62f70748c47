package dev.turnout.boot;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.turnout.authprofile.AuthProfiles;
import dev.turnout.authprofile.SecretDigest;
import dev.turnout.cooldown.CooldownKey;
import dev.turnout.cooldown.Fingerprints;
import dev.turnout.settings.BackendSettings;
import dev.turnout.settings.CurrentSettings;
import dev.turnout.settings.Reach;
import dev.turnout.settings.Settings;
import dev.turnout.turn.AuthProfileId;
import dev.turnout.turn.Candidate;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Fingerprints of the secrets and settings in force. */
@ApplicationScoped
class CurrentFingerprints implements Fingerprints {
  /** The same text for the same settings in every process: copies of maps have no order. */
  private static final ObjectMapper CANONICAL =
      JsonMapper.builder()
          .addModule(new Jdk8Module())
          .addModule(new JavaTimeModule())
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .build();

  private final CurrentSettings settings;
  private final AuthProfiles authProfiles;

  CurrentFingerprints(CurrentSettings settings, AuthProfiles authProfiles) {
    this.settings = settings;
    this.authProfiles = authProfiles;
  }

  @Override
  public Optional<String> of(CooldownKey key, byte[] salt) {
    return switch (key.scope()) {
      case SIGN_IN ->
          settings.snapshot().authProfile(new AuthProfileId(key.account())).isPresent()
              ? authProfiles.fingerprint(new AuthProfileId(key.account()), salt)
              : Optional.empty();
      case MODEL -> Optional.of(SecretDigest.of(backends(key, settings.snapshot()), salt));
      case PAYMENT, QUOTA, SERVICE -> Optional.empty();
    };
  }

  /**
   * The settings of all backends that agents ask with this account; of those that callers may ask
   * where no agent does.
   */
  private static String backends(CooldownKey key, Settings settings) {
    var found =
        backends(
            key,
            settings,
            settings.agents().values().stream().map(Reach::of).flatMap(List::stream));
    if (found.isEmpty()) {
      var model = Optional.of(key.model()).filter(named -> !named.isEmpty());
      found = backends(key, settings, Reach.byChoice(settings, model).stream());
    }
    try {
      return CANONICAL.writeValueAsString(found);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("settings are not JSON", e);
    }
  }

  private static String account(Candidate candidate) {
    return candidate.authProfile().map(AuthProfileId::value).orElse("~" + candidate.backend());
  }

  private static Map<String, List<BackendSettings>> backends(
      CooldownKey key, Settings settings, Stream<Candidate> candidates) {
    var found = new TreeMap<String, List<BackendSettings>>();
    candidates
        .filter(candidate -> account(candidate).equals(key.account()))
        .map(Candidate::backend)
        .forEach(id -> found.put(id.value(), settings.backend(id).stream().toList()));
    return found;
  }
}
