package dev.turnout.settings;

import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** How turns wait, and how long they are kept. Parts of {@link TurnoutConfig}. */
interface LineConfig {
  /** How the turns of an agent wait. */
  interface AgentLine {
    /**
     * In place of {@code queue.busy-mode}. Allowed: {@code followup}, {@code steer}, {@code
     * interrupt}, {@code reject}.
     */
    Optional<String> busyMode();

    /** In place of {@code queue.session-cap}. Allowed: 1 or more. */
    Optional<Integer> sessionCap();

    /** In place of {@code queue.max-input-bytes}. Allowed: 1 or more. */
    Optional<Integer> maxInputBytes();

    /** In place of {@code queue.max-runs}. Allowed: 1 or more. */
    Optional<Integer> maxRuns();
  }

  /** Limits of the queue. */
  interface Queue {
    /**
     * Most turns of one session that may be open: the running one, those that wait and the delayed
     * ones. Allowed: 1 or more.
     */
    @WithDefault("100")
    int sessionCap();

    /** Longest input text, in bytes of UTF-8. Allowed: 1 or more. */
    @WithDefault("1048576")
    int maxInputBytes();

    /** How often a turn may be started before it is given up. Allowed: 1 or more. */
    @WithDefault("3")
    int maxRuns();

    /**
     * How many turns of a session may follow each other while other sessions wait. Allowed: 1 or
     * more.
     */
    @WithDefault("8")
    int sessionBurst();

    /** How long a stopping replica lets its runs end by themselves. Allowed: 0s or longer. */
    @WithDefault("20s")
    Duration drainGrace();

    /**
     * What becomes of a turn whose session is busy, where its caller does not say. Allowed: {@code
     * followup}, {@code steer}, {@code interrupt}, {@code reject}.
     */
    @WithDefault("followup")
    String busyMode();
  }

  /** How long what is over is kept. */
  interface Retention {
    /**
     * How long a turn that has ended is kept, with its events, its decisions and its idempotency
     * key; for ever when absent. What is gone is told to no backend as history. Allowed: 3600s or
     * longer.
     */
    Optional<Duration> turns();

    /**
     * How long lines of the audit trail are kept; for ever when absent. Taking lines away leaves a
     * line. Allowed: 2592000s or longer.
     */
    Optional<Duration> audit();
  }
}
