package dev.turnout.process;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Turns bytes into lines, with bounded memory. A character may be cut between two reads; what is
 * not UTF-8 becomes the replacement character.
 */
final class Lines {
  private static final int KEEP_CHARS = 64 * 1024;

  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .onUnmappableCharacter(CodingErrorAction.REPLACE);
  private final StringBuilder line = new StringBuilder();
  private final int maxLineChars;
  private ByteBuffer rest = ByteBuffer.allocate(0);

  Lines(int maxLineChars) {
    this.maxLineChars = maxLineChars;
  }

  /** What happened to a piece. */
  enum Fed {
    GOES_ON,
    STOPPED,
    LINE_TOO_LONG
  }

  /** Feeds bytes to the listener. */
  Fed feed(byte[] bytes, OutputListener listener) {
    var in = ByteBuffer.allocate(rest.remaining() + bytes.length);
    in.put(rest).put(bytes).flip();
    var out = CharBuffer.allocate(in.remaining() + 1);
    decoder.decode(in, out, false);
    rest = ByteBuffer.allocate(in.remaining()).put(in).flip();
    return take(out.flip().toString(), listener);
  }

  /** The stream has ended: a last line without a break counts. */
  Fed end(OutputListener listener) {
    var out = CharBuffer.allocate(rest.remaining() + 4);
    decoder.decode(rest, out, true);
    decoder.flush(out);
    var fed = take(out.flip().toString(), listener);
    if (fed == Fed.GOES_ON && !line.isEmpty()) {
      return emit(listener) ? Fed.GOES_ON : Fed.STOPPED;
    }
    return fed;
  }

  private Fed take(String text, OutputListener listener) {
    if (text.isEmpty()) {
      return Fed.GOES_ON;
    }
    listener.piece(text);
    int start = 0;
    for (int nl = text.indexOf('\n'); nl >= 0; nl = text.indexOf('\n', start)) {
      line.append(text, start, nl);
      start = nl + 1;
      if (!emit(listener)) {
        return Fed.STOPPED;
      }
    }
    line.append(text, start, text.length());
    return line.length() > maxLineChars ? Fed.LINE_TOO_LONG : Fed.GOES_ON;
  }

  private boolean emit(OutputListener listener) {
    int end = line.length();
    if (end > 0 && line.charAt(end - 1) == '\r') {
      line.setLength(end - 1);
    }
    var text = line.toString();
    line.setLength(0);
    if (line.capacity() > KEEP_CHARS) {
      line.trimToSize(); // One long line must not cost its memory for as long as a process lives.
    }
    return listener.line(text);
  }
}
