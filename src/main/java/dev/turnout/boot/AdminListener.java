package dev.turnout.boot;

import dev.turnout.http.AdminDoor;
import dev.turnout.http.ClientCertificates;
import dev.turnout.settings.DoorSettings;
import dev.turnout.settings.InstallationSettings;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.quarkus.vertx.http.runtime.VertxHttpBuildTimeConfig;
import io.quarkus.vertx.http.runtime.VertxHttpConfig;
import io.quarkus.vertx.http.runtime.VertxHttpRecorder;
import io.quarkus.vertx.http.runtime.options.HttpServerOptionsUtils;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A second listener, for operators, in front of the same routes. What each of the two answers is
 * decided by {@link AdminDoor}.
 */
@ApplicationScoped
class AdminListener {
  private static final Logger LOG = System.getLogger(AdminListener.class.getName());

  /** Binding a port takes no time; longer than this is a fault. */
  private static final int PATIENCE_SECONDS = 10;

  private final InstallationSettings installation;
  private final AdminDoor door;
  private final Vertx vertx;
  private final VertxHttpConfig http;
  private final VertxHttpBuildTimeConfig fixed;
  private final TlsConfigurationRegistry tls;
  private volatile @Nullable HttpServer server;

  AdminListener(
      InstallationSettings installation,
      AdminDoor door,
      Vertx vertx,
      VertxHttpConfig http,
      VertxHttpBuildTimeConfig fixed,
      TlsConfigurationRegistry tls) {
    this.installation = installation;
    this.door = door;
    this.vertx = vertx;
    this.http = http;
    this.fixed = fixed;
    this.tls = tls;
  }

  void onStart(@Observes StartupEvent event) throws IOException, InterruptedException {
    var admin = installation.doors().admin();
    if (admin.isPresent()) {
      open(admin.get());
    }
  }

  private void open(DoorSettings.Admin admin) throws IOException, InterruptedException {
    var opening =
        vertx
            .createHttpServer(options(admin))
            .requestHandler(VertxHttpRecorder.getRootHandler())
            .listen();
    try {
      var opened =
          opening.toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      server = opened;
      door.opened(opened.actualPort());
      LOG.log(
          Level.INFO,
          "operators are served at {0}:{1}",
          admin.host(),
          Integer.toString(opened.actualPort()));
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException(
          "the listener of operators cannot be opened at " + admin.host() + ":" + admin.port(), e);
    }
  }

  /** The limits of the main listener: what comes in here is no more trusted before its key is. */
  private HttpServerOptions options(DoorSettings.Admin admin) {
    var options = new HttpServerOptions();
    admin
        .tlsConfiguration()
        .ifPresent(
            name ->
                HttpServerOptionsUtils.applyTlsConfigurationToHttpServerOptions(
                    tls.get(name)
                        .orElseThrow(
                            () ->
                                new IllegalStateException(
                                    "turnout.admin.tls-configuration: there is no quarkus.tls."
                                        + name)),
                    options));
    HttpServerOptionsUtils.applyCommonOptions(options, fixed, http, List.of());
    return options
        .setHost(admin.host())
        .setPort(admin.port())
        // As the main listener.
        .setUseAlpn(false)
        .setHttp2ClearTextEnabled(false)
        .setClientAuth(ClientCertificates.of(admin.clientCertificate()));
  }

  void onStop(@Observes ShutdownEvent event) {
    var open = server;
    if (open != null) {
      // Nobody waits for it: the process ends, and what runs there holds nothing.
      open.close();
    }
  }
}
