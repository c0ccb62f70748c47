package dev.turnout.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** The last of what a process says on stderr, in bounded memory. */
final class StderrTail {
  private static final int KEEP = 8 * 1024;
  private static final int CHUNK = 4 * 1024;

  /** Made with the first word: most processes say none. */
  private byte[] ring = {};

  private volatile long total;

  /** Reads to the end of the stream. */
  void readAll(InputStream in) {
    var bytes = new byte[CHUNK];
    try {
      for (int length = in.read(bytes); length >= 0; length = in.read(bytes)) {
        add(bytes, length);
      }
    } catch (IOException e) {
      return; // Closed under us: the tail is what there was.
    }
  }

  synchronized void add(byte[] bytes, int length) {
    if (ring.length == 0 && length > 0) {
      ring = new byte[KEEP];
    }
    for (int i = Math.max(0, length - KEEP); i < length; i++) {
      ring[(int) ((total + i) % KEEP)] = bytes[i];
    }
    total += length;
  }

  /** How much there was in all. */
  long bytes() {
    return total;
  }

  String text() {
    return since(0);
  }

  /** What is kept of what came after the first {@code offset} bytes. */
  synchronized String since(long offset) {
    int size = (int) Math.min(total - Math.min(offset, total), KEEP);
    var out = new byte[size];
    for (int i = 0; i < size; i++) {
      out[i] = ring[(int) ((total - size + i) % KEEP)];
    }
    return new String(out, StandardCharsets.UTF_8);
  }
}
