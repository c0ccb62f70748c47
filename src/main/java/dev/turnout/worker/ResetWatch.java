package dev.turnout.worker;

import dev.turnout.news.News;
import dev.turnout.queue.SessionLines;
import dev.turnout.queue.SessionLines.Reset;
import dev.turnout.routing.BackendRouter;
import dev.turnout.session.Sessions;
import dev.turnout.turn.SessionId;
import dev.turnout.turn.StoreUnavailable;
import jakarta.enterprise.context.ApplicationScoped;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Ends what backends of this replica keep running of a conversation that was reset, here or on
 * another replica. No more than a courtesy: what is missed here is found by the next turn of the
 * session, which never continues an old conversation.
 *
 * <p>It looks on a thread of its own: a process may take its time to end, and the thread that
 * brings the news has others to call.
 */
@ApplicationScoped
public class ResetWatch {
  private static final System.Logger LOG = System.getLogger(ResetWatch.class.getName());
  private static final int PAGE = 500;

  /** A commit may become visible this much after the time that is written in it. */
  private static final Duration OVERLAP = Duration.ofMinutes(1);

  private final SessionLines lines;
  private final BackendRouter router;
  private final News news;
  private final Semaphore heard = new Semaphore(0);
  private final Map<SessionId, Instant> done = new HashMap<>();
  private Optional<Reset> seen = Optional.empty();
  private News.@Nullable Listening listening;
  private @Nullable Thread thread;

  ResetWatch(SessionLines lines, BackendRouter router, News news) {
    this.lines = lines;
    this.router = router;
    this.news = news;
  }

  /** Watches from now on. */
  public synchronized void start() {
    if (listening == null) {
      thread = Thread.ofPlatform().daemon().name("reset-watch").start(this::run);
      listening = news.listen(Sessions.RESETS, heard::release);
    }
  }

  /** Watches no more. */
  public synchronized void stop() {
    if (listening != null) {
      listening.close();
      listening = null;
    }
    if (thread != null) {
      thread.interrupt();
      thread = null;
    }
  }

  private void run() {
    try {
      while (true) {
        heard.acquire();
        var _ = heard.drainPermits(); // All that was told meanwhile is found in one look.
        try {
          once();
        } catch (StoreUnavailable e) {
          LOG.log(Level.DEBUG, "resets wait for the database: {0}", e.getMessage());
        } catch (RuntimeException e) {
          LOG.log(Level.ERROR, "what resets left running was not ended", e);
        }
      }
    } catch (InterruptedException e) {
      return; // We stop. News come every two seconds, so that nothing is missed after a start.
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
