package dev.turnout.livesession;

import dev.turnout.turn.BackendId;
import java.util.Locale;
import java.util.Optional;

/**
 * Is told what becomes of living processes. Told of states under the lock of the pool: it returns
 * at once.
 */
public interface LiveObserver {
  /** Hears nothing. */
  LiveObserver NONE =
      new LiveObserver() {
        @Override
        public void moved(BackendId backend, Optional<LiveState> from, LiveState to) {}

        @Override
        public void turn(BackendId backend, Got process) {}

        @Override
        public void survived(BackendId backend, int change) {}
      };

  /** Which process a turn got. */
  enum Got {
    /** The one that its session had kept. */
    KEPT,
    /** One that was started ahead of any session. */
    WARM,
    /** One that was started for it, and lives on. */
    STARTED,
    /** None that lives: there was no room. */
    ONE_SHOT;

    public String code() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A process stands elsewhere now.
   *
   * @param from empty when it comes to be
   */
  void moved(BackendId backend, Optional<LiveState> from, LiveState to);

  /** A turn begins. */
  void turn(BackendId backend, Got process);

  /**
   * Processes were killed and live all the same; or, with a number below zero, are gone now.
   *
   * @param change by how many there are more
   */
  void survived(BackendId backend, int change);
}
