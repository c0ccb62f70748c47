package dev.turnout.http;

import dev.turnout.events.EventLog;
import dev.turnout.events.EventPage;
import dev.turnout.events.StoredEvent;
import dev.turnout.events.TurnBell;
import dev.turnout.events.TurnListener;
import dev.turnout.settings.CurrentSettings;
import dev.turnout.turn.StoreUnavailable;
import dev.turnout.turn.TurnId;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/**
 * Streams the events of a turn as server-sent events: those in the log, then those that come, up to
 * the one that ends the turn, or until the turn is deleted. The log is the truth, so the stream can
 * be taken up again at any event and on any replica; a database that is away for a while only
 * delays it.
 */
@ApplicationScoped
class TurnStream {
  private static final Logger LOG = System.getLogger(TurnStream.class.getName());

  /** How long a client should wait before it takes the stream up again, in milliseconds. */
  private static final int RETRY_MILLIS = 1_000;

  private final EventLog log;
  private final TurnBell bell;
  private final Clock clock;
  private final CurrentSettings settings;

  TurnStream(EventLog log, TurnBell bell, Clock clock, CurrentSettings settings) {
    this.log = log;
    this.bell = bell;
    this.clock = clock;
    this.settings = settings;
  }

  /**
   * The stream of this turn.
   *
   * @param after the last event that the client has, 0 for none
   */
  StreamingOutput of(TurnId turn, int after, RoutingContext request) {
    return out -> {
      try {
        write(turn, after, request, out);
      } catch (IOException e) {
        // The client has gone. Nobody is left to be told.
        LOG.log(Level.DEBUG, "a stream of turn {0} was left", turn);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    };
  }

  private void write(TurnId turn, int after, RoutingContext request, OutputStream out)
      throws IOException, InterruptedException {
    var client = Disconnect.watch(request, () -> bell.ring(turn));
    var reader =
        SlowReader.watch(
            request, "a stream of turn " + turn, () -> settings.snapshot().http().slowReader());
    // The head of the answer goes with it, and behind an answer that is not taken yet it waits.
    reader.awaited();
    out.write(("retry: " + RETRY_MILLIS + "\n\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
    reader.took();
    var text = new StreamText(request.response(), reader);
    int last = after;
    var pause = new PollPause();
    long beat = System.nanoTime();
    try (var listener = bell.listen(turn)) {
      var page = read(turn, last);
      while (!client.hasGone()) {
        var heartbeat = settings.snapshot().http().heartbeat();
        for (var event : page.events()) {
          text.add(framed(event));
          last = event.n();
        }
        if (!page.events().isEmpty()) {
          text.flush();
          if (page.events().getLast().isEnd()) {
            return;
          }
          pause.reset();
          beat = System.nanoTime();
        } else if (isGone(turn)) {
          // Without an id: it is no event of the log, which is gone with the turn.
          text.add("event: deleted\ndata: {\"at\":\"" + clock.instant() + "\"}\n\n");
          text.flush();
          return;
        }
        if (System.nanoTime() - beat >= heartbeat.toNanos()) {
          // An event and no comment: most clients can see only events. Without an id, so that
          // it is not taken for a place in the log.
          text.add("event: heartbeat\ndata: {\"at\":\"" + clock.instant() + "\"}\n\n");
          text.flush();
          beat = System.nanoTime();
        }
        page = page.more() ? read(turn, last) : next(listener, turn, last, pause.next(heartbeat));
      }
    }
  }

  /** What comes next: as this process was told of it, or as it stands in the log. */
  private EventPage next(TurnListener listener, TurnId turn, int last, Duration atMost)
      throws InterruptedException {
    var told = listener.next(last, atMost);
    return told.isEmpty() ? read(turn, last) : new EventPage(told, false);
  }

  private boolean isGone(TurnId turn) {
    try {
      return !log.exists(turn);
    } catch (StoreUnavailable e) {
      return false;
    }
  }

  private EventPage read(TurnId turn, int after) {
    try {
      return log.read(turn, after);
    } catch (StoreUnavailable e) {
      LOG.log(Level.DEBUG, "events of turn {0} cannot be read yet: {1}", turn, e.getMessage());
      return new EventPage(List.of(), false);
    }
  }

  /**
   * The stored JSON is one line: it was written without line breaks, and texts have theirs escaped.
   */
  private static String framed(StoredEvent event) {
    return "id: "
        + event.n()
        + "\nevent: "
        + event.kind()
        + "\ndata: {\"id\":"
        + event.n()
        + ",\"type\":\""
        + event.kind()
        + "\",\"at\":\""
        + event.at()
        + "\",\"data\":"
        + event.json()
        + "}\n\n";
  }
}
