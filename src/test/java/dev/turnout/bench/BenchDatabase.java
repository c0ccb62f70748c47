package dev.turnout.bench;

import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.api.exceptionsorter.PostgreSQLExceptionSorter;
import io.agroal.api.security.NamePrincipal;
import io.agroal.api.security.SimplePassword;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;

/**
 * The one PostgreSQL server of a run, with a database for each candidate. It writes to the disk as
 * in production, and a server that does not is refused: a figure without the flush means nothing.
 */
final class BenchDatabase implements AutoCloseable {
  /** One for Turnout, one for bare inserts, one for each peer. */
  private static final List<String> NAMES =
      List.of("bench_turnout", "bench_inserts", "bench_graphile", "bench_pgboss");

  private static final String STATEMENTS =
      """
      select total_exec_time + total_plan_time, calls, (total_exec_time + total_plan_time) / calls,
        (shared_blks_hit + shared_blks_read)::float8 / calls, rows::float8 / calls,
        left(regexp_replace(query, '\\s+', ' ', 'g'), 90)
      from pg_stat_statements s join pg_database d on d.oid = s.dbid
      where d.datname = 'bench_turnout' and calls > 20
      order by 1 desc limit 16
      """;

  private final @Nullable EmbeddedPostgres server;
  private final String url;
  private final String user;
  private final String password;
  private final Optional<ProcessHandle> postmaster;
  private final List<AgroalDataSource> pools = new ArrayList<>();

  private BenchDatabase(
      @Nullable EmbeddedPostgres server,
      Optional<ProcessHandle> postmaster,
      String url,
      String user,
      String password) {
    this.server = server;
    this.postmaster = postmaster;
    this.url = url;
    this.user = user;
    this.password = password;
  }

  /** The server named by BENCH_DATABASE_URL, else an embedded one under this directory. */
  static BenchDatabase open(Path directory, Map<String, String> environment, boolean statements)
      throws IOException, SQLException {
    var given = environment.get("BENCH_DATABASE_URL");
    BenchDatabase database;
    if (given != null && !given.isBlank()) {
      database =
          new BenchDatabase(
              null,
              Optional.empty(),
              given,
              environment.getOrDefault("BENCH_DATABASE_USERNAME", "postgres"),
              environment.getOrDefault("BENCH_DATABASE_PASSWORD", ""));
    } else {
      var server = embedded(directory, statements);
      database =
          new BenchDatabase(
              server,
              postmaster(directory),
              "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/postgres",
              "postgres",
              "");
    }
    try {
      database.prepare();
    } catch (SQLException | RuntimeException e) {
      database.close();
      throw e;
    }
    return database;
  }

  private static EmbeddedPostgres embedded(Path directory, boolean statements) throws IOException {
    return EmbeddedPostgres.builder()
        .setServerConfig("pg_stat_statements.track", "all")
        .setServerConfig("shared_preload_libraries", statements ? "pg_stat_statements" : "")
        .setDataDirectory(directory.resolve("postgres"))
        .setCleanDataDirectory(true)
        .setOverrideWorkingDirectory(directory.resolve("postgres-binaries").toFile())
        .setPGStartupWait(Duration.ofSeconds(60))
        // As Turnout starts its own server …
        .setServerConfig("fsync", "on")
        .setServerConfig("synchronous_commit", "on")
        .setServerConfig("shared_buffers", "128MB")
        .setServerConfig("listen_addresses", "127.0.0.1")
        .setServerConfig("unix_socket_directories", "")
        // … with room for the connections of every candidate, and without a checkpoint that
        // would fall into the round of whoever happens to be measured.
        .setServerConfig("max_connections", "200")
        .setServerConfig("max_wal_size", "8GB")
        .setServerConfig("checkpoint_timeout", "30min")
        .start();
  }

  private static Optional<ProcessHandle> postmaster(Path directory) throws IOException {
    var pid = Files.readAllLines(directory.resolve("postgres/postmaster.pid")).getFirst().strip();
    return ProcessHandle.of(Long.parseLong(pid));
  }

  private void prepare() throws SQLException {
    try (var connection = connect(url);
        var statement = connection.createStatement()) {
      for (var setting : List.of("fsync", "synchronous_commit", "full_page_writes")) {
        var value = show(connection, setting);
        if (!value.equals("on")) {
          throw new IllegalStateException(
              setting + " is " + value + ": this server does not keep what it acknowledges");
        }
      }
      for (var name : NAMES) {
        statement.execute("drop database if exists " + name + " with (force)");
        statement.execute("create database " + name);
      }
    }
    Flyway.configure()
        .dataSource(url("bench_turnout"), user, password)
        .locations("filesystem:db-migrations")
        .schemas("turnout")
        .load()
        .migrate();
    execute(
        "bench_inserts",
        "create table line (id bigint generated always as identity primary key,"
            + " session bigint not null, body text not null)");
  }

  private Connection connect(String address) throws SQLException {
    return DriverManager.getConnection(address, user, password);
  }

  private static String show(Connection connection, String setting) throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery("show " + setting)) {
      rows.next();
      return rows.getString(1);
    }
  }

  /** What the server says of itself, for the report. */
  Map<String, String> facts() throws SQLException {
    var facts = new java.util.LinkedHashMap<String, String>();
    facts.put("server", server == null ? "BENCH_DATABASE_URL" : "embedded");
    try (var connection = connect(url)) {
      for (var setting :
          List.of(
              "server_version",
              "fsync",
              "synchronous_commit",
              "full_page_writes",
              "wal_sync_method",
              "shared_buffers",
              "max_wal_size",
              "autovacuum")) {
        facts.put(setting, show(connection, setting));
      }
    }
    return facts;
  }

  /** What Turnout's statements cost so far, if the server keeps account of them; then forgets. */
  List<String> statements() throws SQLException {
    execute("bench_turnout", "create extension if not exists pg_stat_statements");
    var found = new ArrayList<String>();
    try (var connection = connect(url("bench_turnout"));
        var statement = connection.createStatement();
        var rows = statement.executeQuery(STATEMENTS)) {
      while (rows.next()) {
        found.add(
            "%9.0f ms %9d calls %8.3f ms %9.1f pages %7.1f rows each  %s"
                .formatted(
                    rows.getDouble(1),
                    rows.getLong(2),
                    rows.getDouble(3),
                    rows.getDouble(4),
                    rows.getDouble(5),
                    rows.getString(6)));
      }
    }
    execute("bench_turnout", "select pg_stat_statements_reset()");
    return found;
  }

  /** The server's own process, when it is ours. */
  Optional<ProcessHandle> postmaster() {
    return postmaster;
  }

  /** Processor time that the server has used; 0 when it is not on this machine's account. */
  double micros() {
    return postmaster.map(Processor::microsOfTree).orElse(0.0);
  }

  String url(String name) {
    return url.replaceFirst("/[^/?]*(\\?|$)", "/" + name + "$1");
  }

  String user() {
    return user;
  }

  String password() {
    return password;
  }

  /** Where a program that is not Java finds the database of this name. */
  URI address(String name) {
    return URI.create(url(name).substring("jdbc:".length()));
  }

  Optional<Long> number(String name, String sql) throws SQLException {
    try (var connection = connect(url(name));
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      return rows.next() ? Optional.of(rows.getLong(1)) : Optional.empty();
    }
  }

  void execute(String name, String... statements) throws SQLException {
    try (var connection = connect(url(name));
        var statement = connection.createStatement()) {
      for (var sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /**
   * Turnout's tables as new, with this many sessions, numbered from 1. Those that are there keep
   * their numbers, for a running Turnout remembers them.
   */
  void resetTurnout(int sessions) throws SQLException {
    execute(
        "bench_turnout",
        "truncate turnout.turn, turnout.turn_event, turnout.turn_timer, turnout.idempotency,"
            + " turnout.ready, turnout.claim_log, turnout.run_signal, turnout.session_line,"
            + " turnout.cooldown, turnout.cooldown_history, turnout.cooldown_cure",
        "insert into turnout.session (tenant, key, created_at, updated_at)"
            + " select 'default', 'bench-' || n, now(), now() from generate_series(1, "
            + sessions
            + ") n on conflict do nothing",
        "insert into turnout.session_line (session_id) select id from turnout.session",
        "vacuum (analyze) turnout.session",
        "vacuum (analyze) turnout.session_line",
        "checkpoint");
  }

  /** The table of bare inserts as new. */
  void truncateInserts() {
    try {
      execute("bench_inserts", "truncate line", "checkpoint");
    } catch (SQLException e) {
      throw new IllegalStateException("the table of bare inserts cannot be emptied", e);
    }
  }

  /** The numbers of the sessions that {@link #resetTurnout} made. */
  long[] sessions(int count) throws SQLException {
    try (var connection = connect(url("bench_turnout"));
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery("select id from turnout.session order by id limit " + count)) {
      var ids = new ArrayList<Long>();
      while (rows.next()) {
        ids.add(rows.getLong(1));
      }
      return ids.stream().mapToLong(Long::longValue).toArray();
    }
  }

  /** A pool as the application opens it, with these server options. */
  DataSource pool(String options) throws SQLException {
    var configuration =
        new AgroalDataSourceConfigurationSupplier()
            .connectionPoolConfiguration(
                pool ->
                    pool.maxSize(16)
                        // As in the application: a connection that broke is not handed out again.
                        .exceptionSorter(new PostgreSQLExceptionSorter())
                        .acquisitionTimeout(Duration.ofSeconds(30))
                        .connectionFactoryConfiguration(
                            factory ->
                                factory
                                    .jdbcUrl(url("bench_turnout"))
                                    .principal(new NamePrincipal(user))
                                    .credential(new SimplePassword(password))
                                    .jdbcProperty("options", options)
                                    .jdbcProperty("reWriteBatchedInserts", "true")
                                    .jdbcProperty("prepareThreshold", "1")));
    var pool = AgroalDataSource.from(configuration);
    pools.add(pool);
    return pool;
  }

  /** Gives the connections of all pools back. */
  void closePools() {
    pools.forEach(AgroalDataSource::close);
    pools.clear();
  }

  @Override
  public void close() {
    closePools();
    try {
      if (server != null) {
        server.close();
      } else {
        try (var connection = connect(url);
            var statement = connection.createStatement()) {
          for (var name : NAMES) {
            statement.execute("drop database if exists " + name + " with (force)");
          }
        }
      }
    } catch (IOException | SQLException e) {
      System.err.println("the bench's database does not end: " + e.getMessage());
    }
  }
}
