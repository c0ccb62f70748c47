package dev.turnout.http;

import dev.turnout.settings.CurrentSettings;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many event streams are open: of one caller, and in all. Each keeps a connection and a thread,
 * so that whoever opens them without end would leave none for others.
 */
@Singleton
class StreamSeats {
  private final CurrentSettings settings;
  private final AtomicInteger all = new AtomicInteger();
  private final ConcurrentMap<String, Integer> ofCaller = new ConcurrentHashMap<>();

  StreamSeats(CurrentSettings settings) {
    this.settings = settings;
  }

  /**
   * Takes a seat for as long as this request lasts.
   *
   * @throws ProblemException when none is left
   */
  void take(String caller, RoutingContext request) {
    var http = settings.snapshot().http();
    int mine = ofCaller.merge(caller, 1, Integer::sum);
    int others = all.incrementAndGet();
    if (mine > http.streamsPerKey() || others > http.streams()) {
      giveBack(caller);
      throw mine > http.streamsPerKey()
          ? new ProblemException(
              ProblemType.TOO_MANY_STREAMS,
              "This caller has "
                  + http.streamsPerKey()
                  + " event streams open, and no more may be.")
          : new ProblemException(
              ProblemType.STREAMS_FULL, "This replica has no room for another event stream.");
    }
    RequestEnd.then(request, () -> giveBack(caller));
  }

  /** How many streams are open. */
  int taken() {
    return all.get();
  }

  private void giveBack(String caller) {
    all.decrementAndGet();
    ofCaller.computeIfPresent(caller, (_, n) -> n == 1 ? null : n - 1);
  }
}
