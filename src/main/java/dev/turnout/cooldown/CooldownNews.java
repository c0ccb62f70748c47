package dev.turnout.cooldown;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.postgresql.PGConnection;

/** Hears from other replicas that cooldowns changed, and looks now and then in case it did not. */
final class CooldownNews implements AutoCloseable {
  private static final Logger LOG = System.getLogger(CooldownNews.class.getName());

  /** How long one look for notifications takes; also how fast the listener ends. */
  private static final int LISTEN_MILLIS = 500;

  /** Looks without a word until we read all the same: a lost notification costs two seconds. */
  private static final int SILENT_LOOKS = 4;

  private final DataSource database;
  private final Runnable onNews;
  private final Thread listener;
  private volatile boolean stopped;

  CooldownNews(DataSource database, Runnable onNews) {
    this.database = database;
    this.onNews = onNews;
    this.listener = Thread.ofPlatform().daemon().name("cooldown-news").start(this::run);
  }

  private void run() {
    while (!stopped) {
      try {
        listen();
      } catch (SQLException | RuntimeException e) {
        if (stopped) {
          return;
        }
        LOG.log(Level.DEBUG, "cooldowns wait for the database: {0}", e.getMessage());
        try {
          TimeUnit.MILLISECONDS.sleep(LISTEN_MILLIS);
        } catch (InterruptedException stop) {
          return;
        }
      }
    }
  }

  private void listen() throws SQLException {
    try (var connection = database.getConnection()) {
      try (var statement = connection.createStatement()) {
        statement.execute("listen " + CooldownStore.CHANNEL);
      }
      try {
        var postgres = connection.unwrap(PGConnection.class);
        // What was said while nobody listened is not repeated.
        onNews.run();
        int silent = 0;
        while (!stopped) {
          // All that came meanwhile is one piece of news.
          boolean heard = postgres.getNotifications(LISTEN_MILLIS).length > 0;
          silent = heard ? 0 : silent + 1;
          if (heard || silent >= SILENT_LOOKS) {
            silent = 0;
            onNews.run();
          }
        }
      } finally {
        try (var statement = connection.createStatement()) {
          // The pool gives this connection to others.
          statement.execute("unlisten *");
        }
      }
    }
  }

  @Override
  public void close() {
    stopped = true;
    listener.interrupt();
  }
}
