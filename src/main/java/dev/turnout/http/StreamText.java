package dev.turnout.http;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;

/**
 * The text of a stream on its way to its reader. It waits for the reader as soon as more than a
 * little is on the way, so that a stream costs little memory however long it is and however slowly
 * it is read. RESTEasy's stream does not do that: it asks whether the connection is full while what
 * it wrote still waits for the connection's thread, and so may run ahead by as much as it is given.
 */
final class StreamText {
  /** How much may be on the way, in bytes. */
  private static final int MOST_UNDER_WAY = 64 * 1024;

  /**
   * Longest piece that is sent, in bytes: a reader is known to have taken something by the piece.
   */
  private static final int PIECE = 8 * 1024;

  private final HttpServerResponse response;
  private final SlowReader reader;
  private final Deque<Piece> underWay = new ArrayDeque<>();
  private int bytesUnderWay;
  private Buffer gathered = Buffer.buffer();

  /** A piece that was sent. */
  private record Piece(Future<Void> written, int bytes) {}

  /**
   * Text behind the head of this answer, which has to be written.
   *
   * @param reader is told when the reader is waited for
   */
  StreamText(HttpServerResponse response, SlowReader reader) {
    this.response = response;
    this.reader = reader;
  }

  /** Adds some text, for {@link #flush} to send. */
  void add(String text) {
    gathered.appendString(text);
  }

  /**
   * Sends all that was added.
   *
   * @throws IOException when the reader has gone
   */
  void flush() throws IOException, InterruptedException {
    var text = gathered;
    gathered = Buffer.buffer();
    for (int sent = 0; sent < text.length(); sent += PIECE) {
      var piece = text.slice(sent, Math.min(text.length(), sent + PIECE));
      makeRoomFor(piece.length());
      send(piece);
    }
  }

  private void makeRoomFor(int bytes) throws IOException, InterruptedException {
    while (!underWay.isEmpty() && underWay.getFirst().written.isComplete()) {
      awaitFirst();
    }
    while (bytesUnderWay + bytes > MOST_UNDER_WAY) {
      // Anew for each piece: who takes little at a time does take something.
      reader.awaited();
      awaitFirst();
      reader.took();
    }
  }

  /** Waits until the connection has taken the first piece, and forgets it. */
  private void awaitFirst() throws IOException, InterruptedException {
    var first = underWay.removeFirst();
    bytesUnderWay -= first.bytes;
    try {
      first.written.toCompletionStage().toCompletableFuture().get();
    } catch (ExecutionException e) {
      throw new IOException("the reader has gone", e);
    }
  }

  private void send(Buffer piece) throws IOException {
    try {
      underWay.addLast(new Piece(response.write(piece), piece.length()));
      bytesUnderWay += piece.length();
    } catch (IllegalStateException e) {
      throw new IOException("the connection was closed", e);
    }
  }
}
