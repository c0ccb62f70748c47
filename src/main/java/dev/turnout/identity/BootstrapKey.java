package dev.turnout.identity;

import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The first admin key, without which nobody could make the second. */
@ApplicationScoped
class BootstrapKey {
  private static final Logger LOG = System.getLogger(BootstrapKey.class.getName());

  private final ApiKeys keys;
  private final Optional<String> text;

  BootstrapKey(
      ApiKeys keys, @ConfigProperty(name = "turnout.bootstrap-key") Optional<String> text) {
    this.keys = keys;
    this.text = text;
  }

  void ensure(@Observes StartupEvent event) {
    text.map(String::strip)
        .ifPresent(
            key -> {
              if (!keys.ensureBootstrap(key)) {
                LOG.log(
                    Level.WARNING, "the bootstrap key was revoked or replaced and does not open");
              }
            });
  }
}
