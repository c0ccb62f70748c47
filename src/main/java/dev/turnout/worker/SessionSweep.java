package dev.turnout.worker;

import dev.turnout.queue.SessionLines;
import dev.turnout.routing.BackendRouter;
import dev.turnout.turn.SessionId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Cleans up behind sessions that were deleted here or by another replica: their private directories
 * on this machine, and rows that nobody sees any more. What happened while this replica was away it
 * finds at its next start. What could not be removed it tries again until it is gone.
 */
@ApplicationScoped
public class SessionSweep {
  private static final Duration PAUSE = Duration.ofSeconds(2);

  /** How many deleted sessions are looked at in one query. */
  private static final int PAGE = 1_000;

  /** A commit may become visible this much after the time that is written in it. */
  private static final Duration OVERLAP = Duration.ofMinutes(1);

  /** Whatever keeps a directory from going lasts, and every try is logged. */
  private static final Duration RETRY = Duration.ofMinutes(1);

  private final SessionLines lines;
  private final BackendRouter router;
  private final Clock clock;

  /** Sessions of which something is left, with the time of the next try. */
  private final Map<SessionId, Instant> unfinished = new HashMap<>();

  private final Duty duty = new Duty("sweep", PAUSE, this::once);
  private SessionLines.Deleted seen = new SessionLines.Deleted(new SessionId(0), Instant.EPOCH);

  SessionSweep(SessionLines lines, BackendRouter router, Clock clock) {
    this.lines = lines;
    this.router = router;
    this.clock = clock;
  }

  /** Cleans up from now on. */
  public void start() {
    duty.start();
  }

  /** Stops; what is left is done after the next start. */
  public void stop() {
    duty.stop();
  }

  void once() {
    lines.purgeDeleted();
    var now = clock.instant();
    unfinished.entrySet().stream()
        .filter(next -> !next.getValue().isAfter(now))
        .map(Map.Entry::getKey)
        .toList()
        .forEach(this::forget);
    var last = seen;
    List<SessionLines.Deleted> page;
    do {
      page = lines.deletedAfter(last, PAGE);
      page.stream()
          .map(SessionLines.Deleted::session)
          .filter(session -> !unfinished.containsKey(session))
          .forEach(this::forget);
      last = page.isEmpty() ? last : page.getLast();
    } while (page.size() == PAGE);
    var overlapped = new SessionLines.Deleted(new SessionId(0), last.at().minus(OVERLAP));
    seen = overlapped.at().isAfter(seen.at()) ? overlapped : seen;
  }

  private void forget(SessionId session) {
    if (router.forget(session)) {
      unfinished.remove(session);
    } else {
      unfinished.put(session, clock.instant().plus(RETRY));
    }
  }
}
