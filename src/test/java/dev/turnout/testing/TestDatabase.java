package dev.turnout.testing;

import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.api.exceptionsorter.PostgreSQLExceptionSorter;
import io.agroal.api.security.NamePrincipal;
import io.agroal.api.security.SimplePassword;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.PostgreSQLContainer;

/**
 * A real PostgreSQL for tests: in a container where a Docker engine answers, embedded otherwise.
 * One server a JVM, a database of its own for whoever asks. Sessions run in a time zone that is
 * neither UTC nor whole hours, so that a forgotten zone shows.
 */
public final class TestDatabase implements AutoCloseable {
  private static final String ZONE = "Asia/Kolkata";

  private final String url;
  private final String user;
  private final String password;
  private final Map<String, AgroalDataSource> pools = new ConcurrentHashMap<>();

  private TestDatabase(String url, String user, String password) {
    this.url = url;
    this.user = user;
    this.password = password;
  }

  /** A fresh, empty database. */
  public static TestDatabase fresh() {
    var server = Server.INSTANCE;
    var name = "t" + UUID.randomUUID().toString().replace("-", "");
    try (var connection =
            DriverManager.getConnection(server.url("postgres"), server.user, server.password);
        var statement = connection.createStatement()) {
      statement.execute("create database " + name);
      statement.execute("alter database " + name + " set timezone to '" + ZONE + "'");
      // Tests prove logic, not the disk; those that kill the server have one of their own.
      statement.execute("alter database " + name + " set synchronous_commit to off");
    } catch (SQLException e) {
      throw new IllegalStateException("no test database", e);
    }
    return new TestDatabase(server.url(name), server.user, server.password);
  }

  /** A fresh database with the schema of the head. */
  public static TestDatabase migrated() {
    var database = fresh();
    Flyway.configure()
        .dataSource(database.url, database.user, database.password)
        .locations("filesystem:db-migrations")
        .load()
        .migrate();
    return database;
  }

  public String url() {
    return url;
  }

  public String user() {
    return user;
  }

  public String password() {
    return password;
  }

  /** A pool of connections as the application opens them, with these server options. */
  public DataSource dataSource(String options) {
    return pools.computeIfAbsent(options, this::pool);
  }

  /** Gives the connections back, of which the server has only so many for all tests. */
  @Override
  public void close() {
    pools.values().forEach(AgroalDataSource::close);
    pools.clear();
  }

  /** Closes it and throws its content away: many of them make the end of the server slow. */
  public void drop() {
    close();
    ofServer("drop database " + name() + " with (force)");
  }

  /** Cuts all connections and lets nobody in until {@link #comeBack}. */
  public void goAway() {
    ofServer("alter database " + name() + " allow_connections false");
    ofServer(
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = '" + name() + "'");
  }

  public void comeBack() {
    ofServer("alter database " + name() + " allow_connections true");
  }

  private String name() {
    return url.substring(url.lastIndexOf('/') + 1);
  }

  private void ofServer(String sql) {
    try (var connection =
            DriverManager.getConnection(Server.INSTANCE.url("postgres"), user, password);
        var statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  private AgroalDataSource pool(String options) {
    var configuration =
        new AgroalDataSourceConfigurationSupplier()
            .connectionPoolConfiguration(
                pool ->
                    pool.maxSize(16)
                        .acquisitionTimeout(Duration.ofSeconds(30))
                        // As the application's pools: a connection that the server closed is let
                        // go.
                        .exceptionSorter(new PostgreSQLExceptionSorter())
                        .connectionFactoryConfiguration(
                            factory ->
                                factory
                                    .jdbcUrl(url)
                                    .principal(new NamePrincipal(user))
                                    .credential(new SimplePassword(password))
                                    .jdbcProperty("options", options)
                                    .jdbcProperty("prepareThreshold", "1")));
    try {
      return AgroalDataSource.from(configuration);
    } catch (SQLException e) {
      throw new IllegalStateException("no connections", e);
    }
  }

  /** The one server of this JVM. It ends with it. */
  private static final class Server {
    static final Server INSTANCE = start();

    final String address;
    final String user;
    final String password;

    private Server(String address, String user, String password) {
      this.address = address;
      this.user = user;
      this.password = password;
    }

    String url(String database) {
      return "jdbc:postgresql://" + address + "/" + database;
    }

    private static Server start() {
      return dockerAnswers() ? container() : embedded();
    }

    private static boolean dockerAnswers() {
      return DockerClientFactory.instance().isDockerAvailable();
    }

    @SuppressWarnings("resource") // Ended by Testcontainers' own reaper.
    private static Server container() {
      var postgres =
          new PostgreSQLContainer<>("postgres:18-alpine")
              .withCommand("postgres", "-c", "max_connections=300");
      postgres.start();
      return new Server(
          postgres.getHost() + ":" + postgres.getMappedPort(5432),
          postgres.getUsername(),
          postgres.getPassword());
    }

    @SuppressWarnings("resource") // Ended by a shutdown hook that zonky registers.
    private static Server embedded() {
      try {
        var postgres =
            EmbeddedPostgres.builder()
                .setServerConfig("max_connections", "300")
                .setServerConfig("shared_buffers", "128MB")
                .start();
        return new Server("localhost:" + postgres.getPort(), "postgres", "postgres");
      } catch (IOException e) {
        throw new UncheckedIOException("the embedded PostgreSQL does not start", e);
      }
    }
  }
}
