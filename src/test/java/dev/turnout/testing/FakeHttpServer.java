package dev.turnout.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * HTTP/1.1 on a loopback socket, one virtual thread a connection. The JDK's own server cannot do
 * what a test of broken backends needs: cut a connection at a chosen byte, and notice while it
 * keeps silent that the client has left.
 */
final class FakeHttpServer implements AutoCloseable {
  /** Answers one request. An {@link IOException} out of it cuts the connection. */
  interface Handler {
    void handle(Exchange exchange) throws IOException;
  }

  private static final int BACKLOG = 512;

  private final Handler handler;
  private final ServerSocket listener;
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();

  FakeHttpServer(Handler handler) {
    this.handler = handler;
    try {
      listener = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().name("fake-http-accept").start(this::accept);
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + listener.getLocalPort());
  }

  int openConnections() {
    return connections.size();
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    connections.forEach(FakeHttpServer::cut);
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        var socket = listener.accept();
        connections.add(socket);
        Thread.ofVirtual().name("fake-http").start(() -> serve(socket));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      var in = new PushbackInputStream(new BufferedInputStream(socket.getInputStream()), 1);
      while (true) {
        var exchange = read(socket, in);
        handler.handle(exchange);
        if (!exchange.finished) {
          return;
        }
      }
    } catch (IOException e) {
      // Either side left; to be seen on the client's side.
    } finally {
      connections.remove(socket);
    }
  }

  private static Exchange read(Socket socket, PushbackInputStream in) throws IOException {
    var request = line(in).split(" ", 3);
    if (request.length < 3) {
      throw new EOFException("not a request line");
    }
    var headers = new HashMap<String, String>();
    for (var header = line(in); !header.isEmpty(); header = line(in)) {
      var colon = header.indexOf(':');
      headers.put(
          header.substring(0, colon).toLowerCase(Locale.ROOT), header.substring(colon + 1).strip());
    }
    var out = socket.getOutputStream();
    if ("100-continue".equalsIgnoreCase(headers.get("expect"))) {
      out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(ISO_8859_1));
    }
    var body = new String(body(in, headers), UTF_8);
    return new Exchange(request[0], request[1], Map.copyOf(headers), body, socket, in, out);
  }

  private static byte[] body(InputStream in, Map<String, String> headers) throws IOException {
    if (!"chunked".equalsIgnoreCase(headers.get("transfer-encoding"))) {
      return in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
    }
    var whole = new ByteArrayOutputStream();
    for (var size = chunkSize(in); size > 0; size = chunkSize(in)) {
      whole.write(in.readNBytes(size));
      line(in);
    }
    line(in);
    return whole.toByteArray();
  }

  private static int chunkSize(InputStream in) throws IOException {
    return Integer.parseInt(line(in).split(";", 2)[0].strip(), 16);
  }

  private static String line(InputStream in) throws IOException {
    var bytes = new ByteArrayOutputStream();
    for (var b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException();
      }
      if (b != '\r') {
        bytes.write(b);
      }
    }
    return bytes.toString(ISO_8859_1);
  }

  private static void cut(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One request and the way to answer it. */
  static final class Exchange {
    final String method;
    final String target;

    /** By their lower-case names; the last of several wins. */
    final Map<String, String> headers;

    final String body;
    private final Socket socket;
    private final PushbackInputStream in;
    private final OutputStream out;
    private boolean finished;

    private Exchange(
        String method,
        String target,
        Map<String, String> headers,
        String body,
        Socket socket,
        PushbackInputStream in,
        OutputStream out) {
      this.method = method;
      this.target = target;
      this.headers = headers;
      this.body = body;
      this.socket = socket;
      this.in = in;
      this.out = out;
    }

    void reply(int status, Map<String, String> headers, String body) throws IOException {
      var bytes = body.getBytes(UTF_8);
      var all = new HashMap<>(headers);
      all.put("content-length", String.valueOf(bytes.length));
      head(status, all);
      out.write(bytes);
      out.flush();
      finished = true;
    }

    /** Starts a reply of unknown length; {@link #send} its pieces, then {@link #end}. */
    void begin(int status, Map<String, String> headers) throws IOException {
      var all = new HashMap<>(headers);
      all.put("transfer-encoding", "chunked");
      head(status, all);
      out.flush();
    }

    void send(String piece) throws IOException {
      var bytes = piece.getBytes(UTF_8);
      var framed = new ByteArrayOutputStream();
      framed.write((Integer.toHexString(bytes.length) + "\r\n").getBytes(ISO_8859_1));
      framed.write(bytes);
      framed.write("\r\n".getBytes(ISO_8859_1));
      out.write(framed.toByteArray());
      out.flush();
    }

    void end() throws IOException {
      out.write("0\r\n\r\n".getBytes(ISO_8859_1));
      out.flush();
      finished = true;
    }

    /** Cuts the connection where it stands. */
    void drop() {
      cut(socket);
    }

    /**
     * Keeps silent for this long; zero means for ever.
     *
     * @throws EOFException when the client leaves meanwhile
     */
    void pause(Duration time) throws IOException {
      socket.setSoTimeout(Math.toIntExact(time.toMillis()));
      try {
        var next = in.read();
        if (next < 0) {
          throw new EOFException("client left");
        }
        in.unread(next);
      } catch (SocketTimeoutException e) {
        // The silence is over and the client still waits.
      } finally {
        if (!socket.isClosed()) {
          socket.setSoTimeout(0);
        }
      }
    }

    private void head(int status, Map<String, String> headers) throws IOException {
      var head = new StringBuilder("HTTP/1.1 ").append(status).append(" Fake\r\n");
      headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
      out.write(head.append("\r\n").toString().getBytes(ISO_8859_1));
    }
  }
}
