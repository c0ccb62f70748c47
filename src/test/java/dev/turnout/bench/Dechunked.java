package dev.turnout.bench;

import java.io.IOException;
import java.io.InputStream;

/** The content of a chunked body; never reads further than what has come. */
final class Dechunked extends InputStream {
  private final InputStream in;
  private int left;
  private boolean first = true;

  Dechunked(InputStream in) {
    this.in = in;
  }

  @Override
  public int read() throws IOException {
    if (left == 0 && !nextChunk()) {
      return -1;
    }
    left--;
    return in.read();
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    if (left == 0 && !nextChunk()) {
      return -1;
    }
    int count = in.read(bytes, from, Math.min(length, left));
    left -= Math.max(0, count);
    return count;
  }

  private boolean nextChunk() throws IOException {
    if (!first) {
      StreamCaller.line(in);
    }
    first = false;
    left = Integer.parseInt(StreamCaller.line(in).strip(), 16);
    if (left == 0) {
      StreamCaller.line(in); // The end of the body, so that another answer may follow.
      first = true;
    }
    return left > 0;
  }
}
