package dev.turnout.http;

import dev.turnout.settings.CurrentSettings;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many event streams are open: of one key, and in all. Each keeps a connection and a thread, so
 * that whoever opens them without end would leave none for others.
 */
@Singleton
class StreamSeats {
  private final CurrentSettings settings;
  private final AtomicInteger all = new AtomicInteger();
  private final ConcurrentMap<UUID, Integer> ofKey = new ConcurrentHashMap<>();

  StreamSeats(CurrentSettings settings) {
    this.settings = settings;
  }

  /**
   * Takes a seat for as long as this request lasts.
   *
   * @throws ProblemException when none is left
   */
  void take(UUID key, RoutingContext request) {
    var http = settings.snapshot().http();
    int mine = ofKey.merge(key, 1, Integer::sum);
    int others = all.incrementAndGet();
    if (mine > http.streamsPerKey() || others > http.streams()) {
      giveBack(key);
      throw mine > http.streamsPerKey()
          ? new ProblemException(
              ProblemType.TOO_MANY_STREAMS,
              "This key has " + http.streamsPerKey() + " event streams open, and no more may be.")
          : new ProblemException(
              ProblemType.STREAMS_FULL, "This replica has no room for another event stream.");
    }
    request.addEndHandler(_ -> giveBack(key));
  }

  /** How many streams are open. */
  int taken() {
    return all.get();
  }

  private void giveBack(UUID key) {
    all.decrementAndGet();
    ofKey.computeIfPresent(key, (_, n) -> n == 1 ? null : n - 1);
  }
}
