package dev.turnout.http;

import io.vertx.ext.web.Router;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/** Lets a test see what becomes of a request of its own whose client will not be told. */
@Singleton
class MarkedRequest {
  /** What the request has to have. */
  static final String MARK = "X-Marked: yes\r\n";

  private static final int PATIENCE_SECONDS = 20;

  private final Semaphore arrived = new Semaphore(0);
  private final Semaphore answered = new Semaphore(0);

  void install(@Observes Router router) {
    router
        .route()
        .order(Integer.MIN_VALUE + 5)
        .handler(
            request -> {
              if (request.request().headers().contains("X-Marked")) {
                arrived.release();
              }
              request.next();
            });
  }

  /** Its stream, if it is one, begins only behind this. */
  @ServerResponseFilter
  public void answers(ContainerRequestContext request) {
    if (request.getHeaders().containsKey("X-Marked")) {
      answered.release();
    }
  }

  boolean arrives() throws InterruptedException {
    return arrived.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  /** Whether it is answered, even though nobody gets it. */
  boolean isAnswered() throws InterruptedException {
    return answered.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }
}
