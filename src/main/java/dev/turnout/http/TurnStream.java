package dev.turnout.http;

import dev.turnout.events.EventLog;
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

  /** Most events that are read from the log at once. */
  private static final int PAGE = 200;

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
    int last = after;
    var pause = new PollPause();
    long beat = System.nanoTime();
    try (var listener = bell.listen(turn)) {
      var events = read(turn, last);
      reader.writes();
      out.write(("retry: " + RETRY_MILLIS + "\n\n").getBytes(StandardCharsets.UTF_8));
      if (events.isEmpty()) {
        // Else it goes with them.
        out.flush();
        reader.wrote();
      }
      while (!client.hasGone()) {
        var heartbeat = settings.snapshot().http().heartbeat();
        for (var event : events) {
          reader.writes();
          out.write(text(event).getBytes(StandardCharsets.UTF_8));
          last = event.n();
        }
        if (!events.isEmpty()) {
          out.flush();
          if (events.getLast().isEnd()) {
            // Still written, as far as is known: the reader may never take the rest of it.
            return;
          }
          reader.wrote();
          pause.reset();
          beat = System.nanoTime();
        } else if (isGone(turn)) {
          // Without an id: it is no event of the log, which is gone with the turn.
          send(reader, out, "event: deleted\ndata: {\"at\":\"" + clock.instant() + "\"}\n\n");
          reader.writes();
          return;
        }
        if (System.nanoTime() - beat >= heartbeat.toNanos()) {
          // An event and no comment: most clients can see only events. Without an id, so that
          // it is not taken for a place in the log.
          send(reader, out, "event: heartbeat\ndata: {\"at\":\"" + clock.instant() + "\"}\n\n");
          beat = System.nanoTime();
        }
        events =
            events.size() < PAGE
                ? next(listener, turn, last, pause.next(heartbeat))
                : read(turn, last);
      }
    }
  }

  /** What comes next: as this process was told of it, or as it stands in the log. */
  private List<StoredEvent> next(TurnListener listener, TurnId turn, int last, Duration atMost)
      throws InterruptedException {
    var told = listener.next(last, atMost);
    return told.isEmpty() ? read(turn, last) : told;
  }

  private boolean isGone(TurnId turn) {
    try {
      return !log.exists(turn);
    } catch (StoreUnavailable e) {
      return false;
    }
  }

  private List<StoredEvent> read(TurnId turn, int after) {
    try {
      return log.read(turn, after, PAGE);
    } catch (StoreUnavailable e) {
      LOG.log(Level.DEBUG, "events of turn {0} cannot be read yet: {1}", turn, e.getMessage());
      return List.of();
    }
  }

  private static void send(SlowReader reader, OutputStream out, String text) throws IOException {
    reader.writes();
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
    reader.wrote();
  }

  /**
   * The stored JSON is one line: it was written without line breaks, and texts have theirs escaped.
   */
  private static String text(StoredEvent event) {
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
