package dev.turnout.queue;

import dev.turnout.turn.StoreUnavailable;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.postgresql.PGConnection;

/**
 * Tells other replicas that there is work or a signal, and hears it from them. NOTIFY goes out on a
 * connection of its own, after the commit that it speaks of and at most once in a few milliseconds:
 * inside that commit it would serialise all commits of the database. A lost one costs a poll.
 */
final class WakeUps implements AutoCloseable {
  private static final Logger LOG = System.getLogger(WakeUps.class.getName());

  private static final String READY = "turnout_ready";
  private static final String SIGNAL = "turnout_signal";

  /** Between two notifications. */
  private static final long GAP_MILLIS = 3;

  /** How long one look for notifications takes; also how fast the listener ends. */
  private static final int LISTEN_MILLIS = 500;

  private final DataSource database;
  private final Runnable onReady;
  private final AtomicBoolean ready = new AtomicBoolean();
  private final AtomicBoolean signal = new AtomicBoolean();
  private final Semaphore toSend = new Semaphore(0);
  private final Thread sender;
  private final Thread listener;
  private volatile Runnable onSignal = () -> {};
  private volatile boolean stopped;

  WakeUps(DataSource database, Runnable onReady) {
    this.database = database;
    this.onReady = onReady;
    this.sender = Thread.ofPlatform().daemon().name("notify").start(() -> again(this::send));
    this.listener = Thread.ofPlatform().daemon().name("listen").start(() -> again(this::listen));
  }

  void onSignal(Runnable callback) {
    onSignal = callback;
  }

  void sendReady() {
    if (ready.compareAndSet(false, true)) {
      toSend.release();
    }
  }

  void sendSignal() {
    if (signal.compareAndSet(false, true)) {
      toSend.release();
    }
  }

  private interface Work {
    void run(Connection connection) throws SQLException, InterruptedException;
  }

  private void again(Work work) {
    while (!stopped) {
      try (var connection = database.getConnection()) {
        work.run(connection);
      } catch (InterruptedException e) {
        return;
      } catch (SQLException | StoreUnavailable e) {
        if (stopped) {
          return;
        }
        LOG.log(Level.DEBUG, "wake-ups wait for the database: {0}", e.getMessage());
        try {
          TimeUnit.MILLISECONDS.sleep(500);
        } catch (InterruptedException stop) {
          return;
        }
      }
    }
  }

  private void send(Connection connection) throws SQLException, InterruptedException {
    try (var statement = connection.prepareStatement("select pg_notify(?, '')")) {
      while (!stopped) {
        toSend.acquire();
        toSend.drainPermits();
        if (ready.getAndSet(false)) {
          statement.setString(1, READY);
          statement.execute();
        }
        if (signal.getAndSet(false)) {
          statement.setString(1, SIGNAL);
          statement.execute();
        }
        TimeUnit.MILLISECONDS.sleep(GAP_MILLIS);
      }
    }
  }

  private void listen(Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute("listen " + READY);
      statement.execute("listen " + SIGNAL);
    }
    var postgres = connection.unwrap(PGConnection.class);
    // What was said while nobody listened is not repeated.
    onReady.run();
    onSignal.run();
    while (!stopped) {
      for (var notification : postgres.getNotifications(LISTEN_MILLIS)) {
        (notification.getName().equals(SIGNAL) ? onSignal : onReady).run();
      }
    }
  }

  @Override
  public void close() {
    stopped = true;
    sender.interrupt();
    listener.interrupt();
  }
}
