package dev.turnout.http;

import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.RoutingContext;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Ends the connection of a reader that takes nothing. What it does not take waits in its socket and
 * in one page of events, and its stream with it; the events themselves are in the log, so that it
 * loses none: it goes on behind the last one that it has.
 */
final class SlowReader {
  private static final Logger LOG = System.getLogger(SlowReader.class.getName());

  /** How often is looked, in milliseconds; the limit is kept to within this. */
  private static final long LOOK_MILLIS = 500;

  private static final long NOT_AWAITED = 0;

  /**
   * How much may wait in the socket, in bytes. Linux lets it grow to megabytes otherwise, and tells
   * of room only when a third is free: a reader would have to take that much within its time.
   */
  private static final int SOCKET_BUFFER = 64 * 1024;

  private final AtomicLong awaitedSince = new AtomicLong(NOT_AWAITED);

  private SlowReader() {}

  /** Watches the reader of this stream for as long as its request lasts. */
  static SlowReader watch(RoutingContext request, String stream, Supplier<Duration> patience) {
    var reader = new SlowReader();
    var vertx = request.vertx();
    long timer =
        vertx.setPeriodic(
            LOOK_MILLIS,
            _ -> {
              if (reader.hasTakenNothingFor(patience.get())) {
                reader.took();
                LOG.log(
                    Level.INFO,
                    "{0} was cut: its reader took nothing for {1}",
                    stream,
                    patience.get());
                cut(request);
              }
            });
    RequestEnd.then(request, () -> vertx.cancelTimer(timer));
    keepSocketSmall(request);
    return reader;
  }

  private static void keepSocketSmall(RoutingContext request) {
    if (request.request().connection() instanceof ConnectionBase connection) {
      try {
        connection.channel().config().setOption(ChannelOption.SO_SNDBUF, SOCKET_BUFFER);
      } catch (ChannelException e) {
        LOG.log(Level.DEBUG, "a connection was closed before its stream began", e);
      }
    }
  }

  /** Before the reader is waited for. */
  void awaited() {
    awaitedSince.set(Math.max(1, System.nanoTime()));
  }

  /** After it took what it was waited for. */
  void took() {
    awaitedSince.set(NOT_AWAITED);
  }

  private boolean hasTakenNothingFor(Duration patience) {
    long since = awaitedSince.get();
    return since != NOT_AWAITED && System.nanoTime() - since > patience.toNanos();
  }

  /**
   * At once: to close it in order, which closing its channel amounts to, would first send what the
   * reader does not take.
   */
  private static void cut(RoutingContext request) {
    if (request.request().connection() instanceof ConnectionBase connection) {
      var _ = connection.channelHandlerContext().close();
    } else {
      var _ = request.request().connection().close();
    }
  }
}
