package dev.turnout.testing;

import dev.turnout.backend.Backends;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/**
 * Puts the scripted backend in the place of all others. Not nested in a test profile: the framework
 * hides what is from all other profiles.
 */
@Alternative
@ApplicationScoped
class ScriptedBackends {
  @Produces
  @Singleton
  ScriptedBackend scripted() {
    return new ScriptedBackend();
  }

  @Produces
  @Singleton
  @Alternative
  Backends backends(ScriptedBackend scripted) {
    return Backends.of(scripted);
  }
}
