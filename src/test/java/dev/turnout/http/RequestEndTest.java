package dev.turnout.http;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Asked from another thread than the connection's, as endpoints do. */
@Timeout(60)
class RequestEndTest {
  private final Vertx vertx = Vertx.vertx();
  private final BlockingQueue<RoutingContext> requests = new ArrayBlockingQueue<>(1);
  private final CountDownLatch over = new CountDownLatch(1);
  private final CountDownLatch told = new CountDownLatch(1);
  private HttpServer server;

  @BeforeEach
  void listen() throws Exception {
    var router = Router.router(vertx);
    new RequestEnd().install(router);
    router
        .route()
        .handler(
            request -> {
              request.addEndHandler(_ -> over.countDown());
              requests.add(request);
            });
    server =
        vertx
            .createHttpServer()
            .requestHandler(router)
            .listen(0, "localhost")
            .toCompletionStage()
            .toCompletableFuture()
            .get();
  }

  @AfterEach
  void stop() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get();
  }

  private Socket ask() throws Exception {
    var client = new Socket(InetAddress.getLoopbackAddress(), server.actualPort());
    client
        .getOutputStream()
        .write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    return client;
  }

  private boolean isTold() throws InterruptedException {
    return told.await(10, TimeUnit.SECONDS);
  }

  @Test
  void whoAsksAfterTheClientHasLeftIsToldAtOnce() throws Exception {
    RoutingContext request;
    try (var _ = ask()) {
      request = requests.take();
    }
    over.await();

    RequestEnd.then(request, told::countDown);

    assertTrue(isTold());
  }

  @Test
  void whoAsksBeforeIsToldWhenTheClientLeaves() throws Exception {
    try (var _ = ask()) {
      RequestEnd.then(requests.take(), told::countDown);
    }

    assertTrue(isTold());
  }

  @Test
  void whoAsksIsToldWhenTheAnswerIsWritten() throws Exception {
    try (var _ = ask()) {
      var request = requests.take();
      RequestEnd.then(request, told::countDown);
      var _ = request.end();

      assertTrue(isTold());
    }
  }
}
