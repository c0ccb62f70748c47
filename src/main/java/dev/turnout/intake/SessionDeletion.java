package dev.turnout.intake;

import dev.turnout.events.TurnBell;
import dev.turnout.queue.DeleteResult;
import dev.turnout.queue.SessionLines;
import dev.turnout.session.Sessions;
import dev.turnout.turn.SessionKey;
import dev.turnout.turn.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;

/** Deletes sessions at their caller's wish. */
@ApplicationScoped
public class SessionDeletion {
  /** How long to rely on the bell: it does not ring here for a turn of another replica. */
  private static final Duration LOOK = Duration.ofMillis(100);

  private final Sessions sessions;
  private final SessionLines lines;
  private final TurnBell bell;

  SessionDeletion(Sessions sessions, SessionLines lines, TurnBell bell) {
    this.sessions = sessions;
    this.lines = lines;
    this.bell = bell;
  }

  /**
   * Ends what runs and waits in a session, then deletes it with everything in it. A turn that comes
   * in meanwhile is deleted with it, or opens a session of the same key.
   *
   * @param patience how long to wait for the running turn to end
   * @return empty when there is no such session
   */
  public Optional<DeleteResult> delete(TenantId tenant, SessionKey key, Duration patience)
      throws InterruptedException {
    var session = sessions.find(tenant, key);
    if (session.isEmpty()) {
      return Optional.empty();
    }
    var id = session.get().id();
    long until = System.nanoTime() + patience.toNanos();
    while (true) {
      var result = lines.delete(id);
      switch (result) {
        case DeleteResult.Deleted _ -> {
          sessions.forget(tenant, key, id);
          lines.purgeDeleted();
          return Optional.of(result);
        }
        case DeleteResult.Running(var turn) -> {
          var left = Duration.ofNanos(until - System.nanoTime());
          if (!left.isPositive()) {
            return Optional.of(result);
          }
          try (var news = bell.listen(turn)) {
            news.await(left.compareTo(LOOK) < 0 ? left : LOOK);
          }
        }
      }
    }
  }
}
