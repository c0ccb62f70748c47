package dev.turnout.boot;

import dev.turnout.process.ProcessSignals;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A real PostgreSQL in the data directory. Its postmaster is a process of its own and outlives a
 * Turnout that is killed, so a start first ends the one that the last start left.
 */
final class EmbeddedDatabase {
  private static final Logger LOG = System.getLogger(EmbeddedDatabase.class.getName());

  private static final String USER = "postgres";
  private static final String CLUSTER = "postgres";
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long LOOK_MILLIS = 500;

  /** Keeps the watchdog from starting again what {@link #endEarly} ends. */
  private static volatile boolean brokenOff;

  private final Path data;
  private final Path cluster;
  private final Path binaries;

  /** Stands while the cluster is made: one that was left half made holds nothing of worth. */
  private final Path making;

  private final Path passwordFile;
  private final int port;
  private final String password;
  private EmbeddedPostgres server;
  private @Nullable Thread watchdog;
  private volatile boolean stopping;

  private EmbeddedDatabase(Path data) throws IOException {
    this.data = data;
    this.cluster = data.resolve(CLUSTER);
    this.binaries = data.resolve("postgres-binaries");
    this.making = data.resolve("postgres.making");
    this.passwordFile = data.resolve("postgres.password");
    endPredecessor();
    this.port = port();
    boolean made = !Files.exists(making) && Files.exists(cluster);
    if (made && !Files.exists(passwordFile)) {
      throw new IOException(passwordFile + " is missing; without it nobody gets into " + cluster);
    }
    this.password = made ? Files.readString(passwordFile).strip() : PrivateFile.newSecret();
    this.server = made ? openExisting() : make();
  }

  private EmbeddedPostgres openExisting() throws IOException {
    try {
      return open(true);
    } catch (IOException | RuntimeException e) {
      // A start that was killed while it unpacked a new version left half of it.
      LOG.log(Level.INFO, "unpacking PostgreSQL again: {0}", e.getMessage());
      endPredecessor();
      Trees.delete(binaries);
      return open(true);
    }
  }

  private EmbeddedPostgres make() throws IOException {
    Files.writeString(making, "");
    Trees.delete(cluster);
    Trees.delete(binaries);
    var made = open(false);
    secure();
    Files.delete(making);
    return made;
  }

  /** Starts it and tells the application where it is. */
  static EmbeddedDatabase start(Path data) throws IOException {
    var database = new EmbeddedDatabase(data);
    System.setProperty(
        "quarkus.datasource.jdbc.url",
        "jdbc:postgresql://127.0.0.1:" + database.port + "/postgres");
    System.setProperty("quarkus.datasource.username", USER);
    System.setProperty("quarkus.datasource.password", database.password);
    return database;
  }

  private EmbeddedPostgres open(boolean secured) throws IOException {
    var builder =
        EmbeddedPostgres.builder()
            .setDataDirectory(cluster)
            .setCleanDataDirectory(false)
            .setOverrideWorkingDirectory(binaries.toFile())
            .setRegisterShutdownHook(false)
            .setPGStartupWait(PATIENCE)
            .setPort(port)
            // The library is made for tests and turns both off; an accepted turn is on disk here.
            .setServerConfig("fsync", "on")
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("listen_addresses", "127.0.0.1")
            .setServerConfig("unix_socket_directories", "")
            .setServerConfig("max_connections", "100")
            .setServerConfig("shared_buffers", "128MB");
    if (secured) {
      builder.setConnectConfig("password", password);
    }
    return builder.start();
  }

  /** Until here everybody on this machine could come in: the library makes a trusting server. */
  private void secure() throws IOException {
    var url = "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
    try (var connection = DriverManager.getConnection(url, USER, "");
        var statement = connection.createStatement()) {
      statement.execute("alter role " + USER + " password '" + password + "'");
      PrivateFile.write(passwordFile, password);
      Files.writeString(
          cluster.resolve("pg_hba.conf"), "host all all 127.0.0.1/32 scram-sha-256\n");
      statement.execute("select pg_reload_conf()");
    } catch (SQLException e) {
      throw new IOException("its password cannot be set: " + e.getMessage(), e);
    }
  }

  /** The port of the last start while it is free, so that a psql command line stays good. */
  private int port() throws IOException {
    var file = data.resolve("postgres.port");
    int last = Files.exists(file) ? Integer.parseInt(Files.readString(file).strip()) : 0;
    int chosen = last > 0 && isFree(last) ? last : anyFree();
    Files.writeString(file, chosen + "\n");
    return chosen;
  }

  private static boolean isFree(int port) {
    try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  private static int anyFree() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** The postmaster of this directory, if one lives. */
  private static Optional<ProcessHandle> postmaster(Path cluster) {
    try {
      var pid = Files.readAllLines(cluster.resolve("postmaster.pid")).getFirst().strip();
      return ProcessHandle.of(Long.parseLong(pid))
          .filter(ProcessHandle::isAlive)
          .filter(EmbeddedDatabase::isPostgres);
    } catch (IOException | NumberFormatException | java.util.NoSuchElementException e) {
      return Optional.empty();
    }
  }

  /** A pid file outlives its process, and the pid may be somebody else's by now. */
  private static boolean isPostgres(ProcessHandle process) {
    return process.info().command().map(command -> command.endsWith("postgres")).orElse(false);
  }

  private void endPredecessor() throws IOException {
    var left = postmaster(cluster);
    if (left.isPresent()) {
      LOG.log(
          Level.INFO,
          "ending the PostgreSQL of the last start, pid {0}",
          Long.toString(left.get().pid()));
      stop(left.get());
    }
  }

  /** SIGINT is PostgreSQL's fast shutdown; Java sends SIGTERM alone, which waits for clients. */
  private static void stop(ProcessHandle postmaster) throws IOException {
    ProcessSignals.interrupt(postmaster.pid());
    if (!ended(postmaster, PATIENCE)) {
      ProcessSignals.quit(postmaster.pid());
      if (!ended(postmaster, Duration.ofSeconds(10))) {
        throw new IOException("the PostgreSQL with pid " + postmaster.pid() + " does not end");
      }
    }
  }

  private static boolean ended(ProcessHandle process, Duration atMost) {
    try {
      process.onExit().get(atMost.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return !process.isAlive();
    } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
      return !process.isAlive();
    }
  }

  /** Ends the one in this data directory, if one lives, because the start is broken off. */
  static void endEarly(Path data) {
    brokenOff = true;
    endIn(data);
  }

  private static void endIn(Path data) {
    try {
      var running = postmaster(data.resolve(CLUSTER));
      if (running.isPresent()) {
        stop(running.get());
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, "the embedded PostgreSQL does not end: {0}", e.getMessage());
    }
  }

  /** From now on a postmaster that dies is started again on its port. */
  void watch() {
    watchdog = Thread.ofPlatform().daemon().name("postgres-watchdog").start(this::watchNow);
  }

  private void watchNow() {
    while (!stopping && !brokenOff) {
      try {
        TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        if (!stopping && !brokenOff && postmaster(cluster).isEmpty()) {
          restart();
        }
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private synchronized void restart() {
    if (stopping) {
      return;
    }
    LOG.log(Level.WARNING, "the embedded PostgreSQL is gone; starting it again");
    try {
      server.close();
    } catch (IOException | RuntimeException e) {
      LOG.log(Level.DEBUG, "nothing left to close", e);
    }
    try {
      server = open(true);
      LOG.log(Level.INFO, "the embedded PostgreSQL is back");
    } catch (IOException | RuntimeException e) {
      LOG.log(Level.WARNING, "the embedded PostgreSQL does not start yet: {0}", e.getMessage());
    }
  }

  /** Ends it, orderly and fast. */
  void stop() {
    stopping = true;
    var watching = watchdog;
    if (watching != null) {
      watching.interrupt();
    }
    synchronized (this) {
      endIn(data);
    }
  }
}
