package dev.turnout.http;

import dev.turnout.settings.DoorSettings.ClientCertificate;
import dev.turnout.settings.InstallationSettings;
import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServerOptions;
import jakarta.inject.Singleton;

/**
 * Asks callers for certificates, as the operator wants it. A certificate opens the connection and
 * nothing behind it: who asks is still said by a key or a token. The framework's own setting for
 * this is fixed when Turnout is built, and would take the certificate for who asks.
 */
@Singleton
public class ClientCertificates implements HttpServerOptionsCustomizer {
  private final InstallationSettings installation;

  ClientCertificates(InstallationSettings installation) {
    this.installation = installation;
  }

  @Override
  public void customizeHttpsServer(HttpServerOptions options) {
    options.setClientAuth(of(installation.doors().clientCertificate()));
  }

  /** In the words of the server. */
  public static ClientAuth of(ClientCertificate wish) {
    return switch (wish) {
      case NONE -> ClientAuth.NONE;
      case REQUEST -> ClientAuth.REQUEST;
      case REQUIRED -> ClientAuth.REQUIRED;
    };
  }
}
