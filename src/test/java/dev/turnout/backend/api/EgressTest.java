package dev.turnout.backend.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.turnout.backend.AttemptResult;
import dev.turnout.backend.AttemptResult.Answered;
import dev.turnout.failure.FailureSignal;
import dev.turnout.settings.BackendSettings.ApiDialect;
import dev.turnout.settings.EgressSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import okhttp3.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What Turnout asks by itself, and how much it takes from there. */
@Timeout(60)
class EgressTest extends ApiBackendFixture {
  @ParameterizedTest
  @EnumSource
  void anAddressThatIsClosedIsNotConnectedTo(ApiDialect dialect) {
    egress = new EgressSettings(false, List.of(), List.of());

    var refused = assertInstanceOf(FailureSignal.ConfigMissing.class, signal(ask(dialect)));

    assertTrue(refused.what().contains("turnout.egress.loopback is false"), refused::what);
    assertEquals(List.of(), api.log());
  }

  @ParameterizedTest
  @EnumSource
  void aNameIsJudgedByTheAddressThatItLeadsTo(ApiDialect dialect) {
    egress = new EgressSettings(false, List.of(), List.of());
    var named = URI.create(address(dialect).toString().replace("127.0.0.1", "localhost"));

    var signal = signal(ask(dialect, named, PATIENT, "hello"));

    assertInstanceOf(FailureSignal.ConfigMissing.class, signal);
    assertEquals(List.of(), api.log());
  }

  @ParameterizedTest
  @EnumSource
  void theMetadataOfACloudIsNeverAsked(ApiDialect dialect) {
    var metadata = URI.create("http://169.254.169.254/latest/meta-data");

    var signal = signal(ask(dialect, metadata, PATIENT, "hello"));

    var refused = assertInstanceOf(FailureSignal.ConfigMissing.class, signal);
    assertTrue(refused.what().contains("169.254.0.0/16"), refused::what);
  }

  @ParameterizedTest
  @EnumSource
  void aLocalModelIsAskedWhereNothingWasDecided(ApiDialect dialect) {
    assertInstanceOf(Answered.class, ask(dialect));
  }

  @Test
  void anErrorWithoutEndIsCutBehindTheDecompression() throws IOException {
    var server = bombing(500, "application/json", "{\"error\":\"");
    var client = ModelHttp.client(() -> EgressSettings.STANDARD, Duration.ofSeconds(5));
    try (var answer =
        client.newCall(new Request.Builder().url(address(server)).build()).execute()) {
      assertThrows(IOException.class, () -> answer.body().bytes());
    } finally {
      server.stop(0);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aLineOfAStreamWithoutEndIsCut(ApiDialect dialect) throws IOException {
    var server = bombing(200, "text/event-stream", "data: {\"a");
    try {
      var signal = signal(ask(dialect, URI.create(address(server)), PATIENT, "hello"));
      assertInstanceOf(FailureSignal.Unreachable.class, signal);
    } finally {
      server.stop(0);
    }
  }

  private AttemptResult ask(ApiDialect dialect) {
    return ask(dialect, PATIENT, "hello");
  }

  /** Some hundred kilobytes on the wire, some hundred megabytes behind gzip. */
  private static HttpServer bombing(int status, String type, String start) throws IOException {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", exchange -> bomb(exchange, status, type, start));
    server.start();
    return server;
  }

  private static String address(HttpServer server) {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private static void bomb(HttpExchange exchange, int status, String type, String start)
      throws IOException {
    exchange.getRequestBody().readAllBytes();
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.getResponseHeaders().set("Content-Encoding", "gzip");
    exchange.sendResponseHeaders(status, 0);
    try (var zipped = new GZIPOutputStream(exchange.getResponseBody())) {
      zipped.write(start.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
      var zeros = new byte[1 << 20];
      java.util.Arrays.fill(zeros, (byte) 'x');
      for (int i = 0; i < 300; i++) {
        zipped.write(zeros);
      }
    } catch (IOException e) {
      // Whoever had enough has closed the connection.
    }
  }
}
