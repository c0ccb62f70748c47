package dev.turnout.livesession;

import dev.turnout.turn.TurnId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A living process, to be shown. Holds no secrets.
 *
 * @param key whose session is nobody's while it waits for one
 * @param pid empty until it was started
 * @param lastOutputAt when it last said anything
 * @param lastTurn that it serves, or served last
 * @param changed which parts of the fingerprint the newest turn wanted otherwise
 * @param argv shortened, without what may be secret
 * @param survivors who of its tree still lives although it was killed, by pid
 */
public record LiveView(
    String id,
    LiveKey key,
    LiveState state,
    Optional<Long> pid,
    Instant startedAt,
    Optional<Instant> lastOutputAt,
    int turns,
    Optional<TurnId> lastTurn,
    Map<String, String> fingerprint,
    List<String> changed,
    List<OwnedResource> resources,
    List<String> argv,
    List<Long> survivors) {
  /** The same, with what is known of its end. */
  LiveView outlivedBy(List<Long> pids) {
    return new LiveView(
        id,
        key,
        state,
        pid,
        startedAt,
        lastOutputAt,
        turns,
        lastTurn,
        fingerprint,
        changed,
        resources,
        argv,
        List.copyOf(pids));
  }
}
