package dev.turnout.boot;

import dev.turnout.http.AdminDoor;
import dev.turnout.settings.InstallationSettings;
import io.quarkus.vertx.http.HttpServer;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** What a person reads when Turnout is ready: where it is, with which key, and what to try. */
@ApplicationScoped
class Banner {
  private final InstallationSettings installation;
  private final AdminDoor door;
  private final HttpServer server;
  private final String host;
  private final Optional<String> key;
  private final boolean firstStart;

  Banner(
      InstallationSettings installation,
      AdminDoor door,
      HttpServer server,
      @ConfigProperty(name = "quarkus.http.host") String host,
      @ConfigProperty(name = AdminKey.PROPERTY) Optional<String> key,
      @ConfigProperty(name = "turnout-start.first", defaultValue = "false") boolean firstStart) {
    this.installation = installation;
    this.door = door;
    this.server = server;
    this.host = reachable(host);
    this.key = key;
    this.firstStart = firstStart;
  }

  void print(PrintStream out) {
    var url = url();
    note(url);
    var keyFile = installation.dataDirectory().resolve(AdminKey.FILE);
    // Shown once: later starts print into logs that others read.
    var shown = key.filter(_ -> firstStart && Files.exists(keyFile));
    var bearer = Files.exists(keyFile) ? "$(cat '" + keyFile + "')" : "$TURNOUT_BOOTSTRAP_KEY";
    out.println();
    out.println("Turnout is ready: " + url);
    operators().ifPresent(operators -> out.println("Operators: " + operators));
    out.println(
        "Admin key: "
            + shown
                .map(k -> k + "  (kept in " + keyFile + ")")
                .orElse(
                    Files.exists(keyFile) ? "in " + keyFile : "the one in TURNOUT_BOOTSTRAP_KEY"));
    out.println();
    out.println("Try:");
    out.println(
        """
          curl -s %1$s/v1/sessions/hello/turns -H "Authorization: Bearer %2$s" -H 'Content-Type: application/json' -H 'Prefer: wait=30' -d '{"input":{"text":"Hello!"}}'
          curl -sN %1$s/v1/sessions/hello/turns -H "Authorization: Bearer %2$s" -H 'Content-Type: application/json' -H 'Accept: text/event-stream' -d '{"input":{"text":"words 20"}}'
          curl -s %1$s/v1/sessions/hello/turns -H "Authorization: Bearer %2$s"
        """
            .formatted(url, bearer));
    out.flush();
  }

  /** Where callers come in: over TLS only where plain HTTP is closed. */
  private String url() {
    return server.getPort() > 0
        ? "http://" + host + ":" + server.getPort()
        : "https://" + host + ":" + server.getSecurePort();
  }

  /** Where operators come in, when it is not there too. */
  private Optional<String> operators() {
    return installation
        .doors()
        .admin()
        .map(
            admin ->
                (admin.tlsConfiguration().isPresent() ? "https://" : "http://")
                    + reachable(admin.host())
                    + ":"
                    + door.port().orElse(admin.port()));
  }

  private static String reachable(String host) {
    return host.equals("0.0.0.0") ? "127.0.0.1" : host;
  }

  private void note(String url) {
    try {
      Files.writeString(
          Path.of(installation.dataDirectory().toString(), "turnout.url"), url + "\n");
    } catch (IOException e) {
      // Only a second start on the same directory would have read it.
      System.getLogger(Banner.class.getName())
          .log(System.Logger.Level.WARNING, "turnout.url cannot be written: {0}", e.getMessage());
    }
  }
}
