package dev.turnout.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Map;

/** Submits turns and reads their events as they come, one connection for each. */
final class StreamCaller {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int PATIENCE_MILLIS = 60_000;

  private final int port;
  private final String bearer;

  StreamCaller(int port, String bearer) {
    this.port = port;
    this.bearer = bearer;
  }

  /** Hears of each event as soon as it is read. */
  interface Ear {
    void event(String type, JsonNode data);
  }

  /**
   * One turn, from the first byte of the request to its last event, in nanoseconds. The connection
   * stands before that.
   */
  long turn(String session, String agent, String text, Ear ear) throws IOException {
    var body = JSON.writeValueAsBytes(Map.of("agent", agent, "input", Map.of("text", text)));
    var head =
        "POST /v1/sessions/"
            + session
            + "/turns HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer "
            + bearer
            + "\r\nContent-Type: application/json\r\nAccept: text/event-stream\r\nContent-Length: "
            + body.length
            + "\r\n\r\n";
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(PATIENCE_MILLIS);
      var in = new BufferedInputStream(socket.getInputStream(), 8_192);
      var out = socket.getOutputStream();
      long before = System.nanoTime();
      var request = new java.io.ByteArrayOutputStream(1_024);
      request.writeBytes(head.getBytes(ISO_8859_1));
      request.writeBytes(body);
      out.write(request.toByteArray());
      out.flush();
      var status = header(in);
      if (!status.contains(" 200 ")) {
        throw new IOException("not streamed: " + status);
      }
      var events = new BufferedReader(new InputStreamReader(new Dechunked(in), UTF_8), 1);
      while (true) {
        var line = events.readLine();
        if (line == null) {
          throw new EOFException("the stream ended before the turn");
        }
        if (!line.startsWith("data:")) {
          continue;
        }
        long now = System.nanoTime();
        var event = JSON.readTree(line.substring(5));
        var type = event.path("type").asText();
        ear.event(type, event.path("data"));
        switch (type) {
          case "succeeded" -> {
            return now - before;
          }
          case "failed", "cancelled", "expired", "dropped" ->
              throw new IOException("a turn did not succeed: " + line);
          default -> {}
        }
      }
    }
  }

  /** The head of the answer; its first line is what is told. */
  private static String header(InputStream in) throws IOException {
    var status = line(in);
    for (var line = line(in); !line.isEmpty(); line = line(in)) {}
    return status;
  }

  /** A line of a head, without its end. */
  static String line(InputStream in) throws IOException {
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
}
