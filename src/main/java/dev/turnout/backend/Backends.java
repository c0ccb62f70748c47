package dev.turnout.backend;

import dev.turnout.settings.BackendSettings;
import dev.turnout.turn.SessionId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** Finds the backend for its settings. */
@ApplicationScoped
public class Backends {
  private final List<BackendProvider> providers;

  @Inject
  Backends(Instance<BackendProvider> providers) {
    this.providers = providers.stream().toList();
  }

  /** For tests and for callers outside the container. */
  public static Backends of(BackendProvider... providers) {
    return new Backends(List.of(providers));
  }

  private Backends(List<BackendProvider> providers) {
    this.providers = providers;
  }

  /** As {@link BackendProvider#keepWarm}. */
  public void keepWarm(List<ProcessNeed> needs) {
    providers.forEach(provider -> provider.keepWarm(needs));
  }

  /** As {@link BackendProvider#fingerprint}. */
  public Optional<SortedMap<String, String>> fingerprint(ProcessNeed need, SessionId session) {
    return providers.stream()
        .flatMap(provider -> provider.fingerprint(need, session).stream())
        .findFirst();
  }

  /** As {@link BackendProvider#forget}, of all of them. */
  public boolean forget(SessionId session) {
    boolean all = true;
    for (var provider : providers) {
      all &= provider.forget(session);
    }
    return all;
  }

  /** A session was reset: what knows its old conversation ends with the turn that it has. */
  public void beginAnew(SessionId session) {
    providers.forEach(provider -> provider.beginAnew(session));
  }

  /**
   * Opens the backend that these settings describe.
   *
   * @throws IllegalStateException when no adapter serves these settings: a kind without an adapter
   *     is our defect, for validation lets no other kind in
   */
  public Backend open(BackendSettings settings) {
    return providers.stream()
        .flatMap(provider -> provider.open(settings).stream())
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no adapter for backend " + settings.id()));
  }
}
