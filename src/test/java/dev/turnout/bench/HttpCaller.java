package dev.turnout.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;

/**
 * One client on one kept connection. A bare socket, for the load shares the machine with what it
 * measures: a whole HTTP client would take as much of it as the service.
 */
final class HttpCaller implements AutoCloseable {
  private final int port;
  private final String bearer;
  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;

  HttpCaller(int port, String bearer) throws IOException {
    this.port = port;
    this.bearer = bearer;
    this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(30_000);
    this.in = new BufferedInputStream(socket.getInputStream(), 8_192);
    this.out = socket.getOutputStream();
  }

  record Answer(int status, String body) {}

  /** Submits a turn to one of so many sessions, with an idempotency key of its own. */
  Answer submit(int sessions) throws IOException {
    int session = 1 + ThreadLocalRandom.current().nextInt(sessions);
    return call(
        "POST",
        "/v1/sessions/bench-" + session + "/turns",
        "Idempotency-Key: " + Load.randomId() + "\r\n",
        "{\"input\":{\"text\":\"" + Load.TEXT + "\"}}");
  }

  Answer get(String path) throws IOException {
    return call("GET", path, "", "");
  }

  private Answer call(String method, String path, String headers, String body) throws IOException {
    var content = body.getBytes(UTF_8);
    var head =
        method
            + " "
            + path
            + " HTTP/1.1\r\nHost: 127.0.0.1:"
            + port
            + "\r\nAuthorization: Bearer "
            + bearer
            + "\r\n"
            + headers
            + (body.isEmpty() ? "" : "Content-Type: application/json\r\n")
            + "Content-Length: "
            + content.length
            + "\r\n\r\n";
    var start = head.getBytes(ISO_8859_1);
    var request = new byte[start.length + content.length];
    System.arraycopy(start, 0, request, 0, start.length);
    System.arraycopy(content, 0, request, start.length, content.length);
    out.write(request);
    out.flush();
    return answer();
  }

  private Answer answer() throws IOException {
    int status = Integer.parseInt(line().split(" ", 3)[1]);
    int length = -1;
    boolean chunked = false;
    for (var line = line(); !line.isEmpty(); line = line()) {
      if (line.regionMatches(true, 0, "content-length:", 0, 15)) {
        length = Integer.parseInt(line.substring(15).strip());
      } else if (line.toLowerCase(Locale.ROOT).startsWith("transfer-encoding:")) {
        chunked = true;
      }
    }
    if (chunked) {
      return new Answer(status, new String(new Dechunked(in).readAllBytes(), UTF_8));
    }
    if (length < 0) {
      throw new IOException("an answer without a length");
    }
    return new Answer(status, new String(in.readNBytes(length), UTF_8));
  }

  private String line() throws IOException {
    var line = new StringBuilder(64);
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException("the service closed the connection");
      }
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
