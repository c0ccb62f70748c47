package dev.turnout.news;

import dev.turnout.turn.StoreUnavailable;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * One listening connection for all that replicas tell each other. News say that something changed
 * and not what: whoever hears them reads anew. Every listener is called now and then in any case,
 * because a notification may be lost; a lost one costs two seconds.
 */
@ApplicationScoped
public class News {
  private static final Logger LOG = System.getLogger(News.class.getName());

  /** How long one look for notifications takes; also how fast a new listener is heard. */
  private static final int LOOK_MILLIS = 500;

  /** Looks without a word until a listener is called all the same. */
  private static final int SILENT_LOOKS = 4;

  private final DataSource database;
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private @Nullable Thread thread;
  private volatile boolean stopped;

  @Inject
  public News(DataSource database) {
    this.database = database;
  }

  /** Somebody who wants to hear; the number of silent looks is the thread's own. */
  private static final class Listener {
    private final String channel;
    private final Runnable onNews;
    private int silent = SILENT_LOOKS;

    private Listener(String channel, Runnable onNews) {
      this.channel = channel;
      this.onNews = onNews;
    }
  }

  /** Ends a listening. */
  public interface Listening extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Calls back after each piece of news on this channel, soon after this call, and every two
   * seconds. One call at a time; one that throws is made again.
   *
   * @param channel a lower case identifier of SQL
   */
  public synchronized Listening listen(String channel, Runnable onNews) {
    var listener = new Listener(channel, onNews);
    listeners.add(listener);
    if (thread == null && !stopped) {
      thread = Thread.ofPlatform().daemon().name("news").start(this::run);
    }
    return () -> listeners.remove(listener);
  }

  /**
   * Tells the other replicas; after the commit that it speaks of, because inside one it would make
   * all commits of the database wait for each other. What cannot be told is found by their poll.
   */
  public void tell(String channel) {
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement("select pg_notify(?, '')")) {
      statement.setString(1, channel);
      statement.execute();
    } catch (SQLException e) {
      LOG.log(Level.DEBUG, "news on {0} cannot be told: {1}", channel, e.getMessage());
    }
  }

  private void run() {
    while (!stopped) {
      try {
        look();
      } catch (SQLException e) {
        LOG.log(Level.DEBUG, "news wait for the database: {0}", e.getMessage());
        if (stopped || !sleep()) {
          return;
        }
      }
    }
  }

  private boolean sleep() {
    try {
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }

  private void look() throws SQLException {
    try (var connection = database.getConnection()) {
      var channels = new HashSet<String>();
      // What was said while nobody listened is not repeated.
      listeners.forEach(listener -> listener.silent = SILENT_LOOKS);
      try {
        var postgres = connection.unwrap(PGConnection.class);
        while (!stopped) {
          subscribe(connection, channels);
          listeners.forEach(News::callWhenDue);
          var told = postgres.getNotifications(LOOK_MILLIS);
          var heard = Stream.of(told).map(PGNotification::getName).collect(Collectors.toSet());
          listeners.forEach(listener -> note(listener, heard));
        }
      } finally {
        try (var statement = connection.createStatement()) {
          // The pool gives this connection to others.
          statement.execute("unlisten *");
        }
      }
    }
  }

  private void subscribe(Connection connection, Set<String> channels) throws SQLException {
    for (var listener : listeners) {
      if (channels.add(listener.channel)) {
        try (var statement = connection.createStatement()) {
          statement.execute("listen " + listener.channel);
        }
      }
    }
  }

  private static void note(Listener listener, Set<String> heard) {
    // All that came meanwhile is one piece of news.
    listener.silent = heard.contains(listener.channel) ? SILENT_LOOKS : listener.silent + 1;
  }

  private static void callWhenDue(Listener listener) {
    if (listener.silent < SILENT_LOOKS) {
      return;
    }
    try {
      listener.onNews.run();
      listener.silent = 0;
    } catch (StoreUnavailable e) {
      LOG.log(Level.DEBUG, "news on {0} wait: {1}", listener.channel, e.getMessage());
    } catch (RuntimeException e) {
      // Ours to mend; not twice a second in the log.
      listener.silent = 0;
      LOG.log(Level.ERROR, "news on " + listener.channel + " were not taken", e);
    }
  }

  /** Nobody hears anything any more. */
  @PreDestroy
  public synchronized void stop() {
    stopped = true;
    if (thread != null) {
      thread.interrupt();
    }
  }
}
