package dev.turnout.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.turnout.testing.ScriptedApplication;
import io.restassured.RestAssured;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.regex.Pattern;

/** One connection, on which bytes are sent that no client library would send. */
final class RawHttp implements AutoCloseable {
  private static final Pattern ANSWER = Pattern.compile("(?m)^HTTP/1\\.1 (\\d{3}) ");

  /** Longer than any answer takes. */
  private static final int PATIENCE_MILLIS = 20_000;

  private final Socket socket;

  RawHttp() throws IOException {
    this(0);
  }

  /** With a buffer of so many bytes for what is received, where it is not 0. */
  RawHttp(int buffer) throws IOException {
    socket = new Socket();
    if (buffer > 0) {
      socket.setReceiveBufferSize(buffer);
    }
    socket.connect(
        new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), RestAssured.port));
    socket.setSoTimeout(PATIENCE_MILLIS);
  }

  /** What everybody says first; lines end as they should. */
  static String head(String method, String path) {
    return method
        + " "
        + path
        + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
        + ScriptedApplication.ADMIN_KEY
        + "\r\n";
  }

  /** A whole request for a turn. */
  static String submission(String session) {
    var body = "{\"input\":{\"text\":\"ok\"}}";
    return head("POST", "/v1/sessions/" + session + "/turns")
        + "Content-Type: application/json\r\nContent-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  RawHttp send(String bytes) throws IOException {
    socket.getOutputStream().write(bytes.getBytes(ISO_8859_1));
    socket.getOutputStream().flush();
    return this;
  }

  /**
   * Like {@link #send}, and says whether the other side still takes it: it may have closed.
   *
   * @param bytes as Latin-1
   */
  boolean tries(String bytes) {
    try {
      send(bytes);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** The first so many bytes of what comes. */
  String first(int bytes) throws IOException {
    return new String(socket.getInputStream().readNBytes(bytes), ISO_8859_1);
  }

  /** All that comes until the other side closes, which it has to. */
  String untilClosed() throws IOException {
    var all = new ByteArrayOutputStream();
    try {
      socket.getInputStream().transferTo(all);
    } catch (SocketTimeoutException e) {
      throw new AssertionError("neither answered nor closed after: " + all, e);
    } catch (SocketException e) {
      // A reset closes it, too.
    }
    return all.toString(ISO_8859_1);
  }

  /**
   * What comes until nothing does for so long, or the other side closes: behind a small window the
   * last of a connection that was cut may come late.
   */
  String untilQuiet(int millis) throws IOException {
    var all = new ByteArrayOutputStream();
    socket.setSoTimeout(millis);
    try {
      socket.getInputStream().transferTo(all);
    } catch (SocketTimeoutException | SocketException e) {
      // It is quiet, or reset.
    }
    return all.toString(ISO_8859_1);
  }

  /** How many answers are in this text. */
  static long answers(String text) {
    return ANSWER.matcher(text).results().count();
  }

  /** The status of the first answer; 0 without one. */
  static int status(String text) {
    var answer = ANSWER.matcher(text);
    return answer.find() ? Integer.parseInt(answer.group(1)) : 0;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
