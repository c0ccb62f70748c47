package dev.turnout.livesession;

import dev.turnout.turn.TurnId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A living process, to be shown. Holds no secrets.
 *
 * @param pid empty until it was started
 * @param lastOutputAt when it last said anything
 * @param changed which parts of the fingerprint the newest turn wanted otherwise
 * @param argv shortened, without what may be secret
 */
public record LiveView(
    String id,
    LiveKey key,
    LiveState state,
    Optional<Long> pid,
    Instant startedAt,
    Optional<Instant> lastOutputAt,
    int turns,
    TurnId lastTurn,
    Map<String, String> fingerprint,
    List<String> changed,
    List<OwnedResource> resources,
    List<String> argv) {}
