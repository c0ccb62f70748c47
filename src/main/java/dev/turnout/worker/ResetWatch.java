package dev.turnout.worker;

import dev.turnout.news.News;
import dev.turnout.queue.SessionLines;
import dev.turnout.queue.SessionLines.Reset;
import dev.turnout.routing.BackendRouter;
import dev.turnout.session.Sessions;
import dev.turnout.turn.SessionId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Ends what backends of this replica keep running of a conversation that was reset, here or on
 * another replica. No more than a courtesy: what is missed here is found by the next turn of the
 * session, which never continues an old conversation.
 */
@ApplicationScoped
public class ResetWatch {
  private static final int PAGE = 500;

  /** A commit may become visible this much after the time that is written in it. */
  private static final Duration OVERLAP = Duration.ofMinutes(1);

  private final SessionLines lines;
  private final BackendRouter router;
  private final News news;
  private final Map<SessionId, Instant> done = new HashMap<>();
  private Optional<Reset> seen = Optional.empty();
  private News.@Nullable Listening listening;

  ResetWatch(SessionLines lines, BackendRouter router, News news) {
    this.lines = lines;
    this.router = router;
    this.news = news;
  }

  /** Watches from now on. */
  public synchronized void start() {
    if (listening == null) {
      listening = news.listen(Sessions.RESETS, this::once);
    }
  }

  /** Watches no more. */
  public synchronized void stop() {
    if (listening != null) {
      listening.close();
      listening = null;
    }
  }

  /** Looks once. */
  void once() {
    var last = seen;
    List<Reset> page;
    do {
      page = lines.resetAfter(last, PAGE);
      for (var reset : page) {
        // Once for each reset: the process that came after it knows the new conversation.
        if (!reset.at().equals(done.put(reset.session(), reset.at()))) {
          router.beginAnew(reset.session());
        }
      }
      last = page.isEmpty() ? last : Optional.of(page.getLast());
    } while (page.size() == PAGE);
    last.ifPresent(
        newest -> {
          var from = newest.at().minus(OVERLAP);
          if (seen.isEmpty() || from.isAfter(seen.get().at())) {
            seen = Optional.of(new Reset(new SessionId(0), from));
            done.values().removeIf(at -> at.isBefore(from));
          }
        });
  }
}
