package dev.turnout.http;

import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.atomic.AtomicBoolean;

/** Knows whether the client has gone, so that nobody works or waits for it any longer. */
final class Disconnect {
  private final AtomicBoolean gone = new AtomicBoolean();

  private Disconnect() {}

  /** Watches this request; {@code then} runs once, perhaps on an I/O thread, and must not block. */
  static Disconnect watch(RoutingContext request, Runnable then) {
    var watched = new Disconnect();
    RequestEnd.then(
        request,
        () -> {
          watched.gone.set(true);
          then.run();
        });
    return watched;
  }

  boolean hasGone() {
    return gone.get();
  }
}
