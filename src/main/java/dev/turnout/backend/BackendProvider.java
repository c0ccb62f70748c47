package dev.turnout.backend;

import dev.turnout.settings.BackendSettings;
import dev.turnout.turn.SessionId;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** Makes backends of one kind; each adapter room has one such bean. */
public interface BackendProvider {
  /** A backend for these settings, or empty when they are of another kind. Cheap: call it often. */
  Optional<Backend> open(BackendSettings settings);

  /**
   * Keeps processes for such needs, started ahead of any session, as many as their settings say;
   * and no others from now on. Returns at once.
   */
  default void keepWarm(List<ProcessNeed> needs) {}

  /**
   * What the process of this session would be started with, in named parts; empty where there is
   * none that lives.
   */
  default Optional<SortedMap<String, String>> fingerprint(ProcessNeed need, SessionId session) {
    return Optional.empty();
  }

  /**
   * A session was deleted: what its attempts left on this machine goes. Does nothing where nothing
   * is left.
   *
   * @return false when something could not be removed, so that it is worth another try
   */
  default boolean forget(SessionId session) {
    return true;
  }

  /**
   * A session was reset: what knows its old conversation ends, at once or with the turn that runs
   * in it. Its directories stay.
   */
  default void beginAnew(SessionId session) {}
}
