package dev.turnout.http;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.util.concurrent.ExecutionException;

/**
 * The text of a stream on its way to its reader. It waits for the reader as soon as more than a
 * little is on the way, so that a stream costs little memory however long it is and however slowly
 * it is read. RESTEasy's stream does not do that: it asks whether the connection is full while what
 * it wrote still waits for the connection's thread, and so may run ahead by as much as it is given.
 */
final class StreamText {
  /** How much may be on the way, in bytes: what a reader has to take within its time. */
  private static final int MOST_UNDER_WAY = 64 * 1024;

  private final HttpServerResponse response;
  private final SlowReader reader;
  private Buffer gathered = Buffer.buffer();
  private int underWay;

  /**
   * Text behind the head of this answer, which has to be written.
   *
   * @param reader is told when the reader is waited for
   */
  StreamText(HttpServerResponse response, SlowReader reader) {
    this.response = response;
    this.reader = reader;
  }

  /** Adds a piece, for {@link #flush} to send. */
  void add(String piece) {
    gathered.appendString(piece);
  }

  /** Sends all that was added. */
  void flush() throws IOException, InterruptedException {
    var text = gathered;
    gathered = Buffer.buffer();
    int sent = 0;
    while (sent < text.length()) {
      int end = Math.min(text.length(), sent + MOST_UNDER_WAY - underWay);
      var written = send(text.slice(sent, end));
      underWay += end - sent;
      sent = end;
      if (underWay == MOST_UNDER_WAY) {
        reader.awaited();
        await(written);
        reader.took();
        underWay = 0;
      }
    }
  }

  private Future<Void> send(Buffer text) throws IOException {
    try {
      return response.write(text);
    } catch (IllegalStateException e) {
      throw new IOException("the connection was closed", e);
    }
  }

  private static void await(Future<Void> written) throws IOException, InterruptedException {
    try {
      written.toCompletionStage().toCompletableFuture().get();
    } catch (ExecutionException e) {
      throw new IOException("the reader has gone", e);
    }
  }
}
