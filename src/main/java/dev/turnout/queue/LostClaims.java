package dev.turnout.queue;

import static dev.turnout.queue.QueueStore.array;

import dev.turnout.turn.SessionId;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Finds sessions that this replica owns and does not know of. A commit gave them to it, and the
 * answer was lost with the connection: nobody runs them, and as their owner lives no rescue takes
 * them either.
 *
 * <p>It takes two looks. What the first one sees and nobody here knows may be in an answer that is
 * on its way; the second one comes when every statement that had been sent by then is over.
 */
final class LostClaims {
  private static final Logger LOG = System.getLogger(LostClaims.class.getName());

  /** After an error, for half a minute: the server may be at work on what its client gave up. */
  private static final int LOOKS_AFTER_DOUBT = 30;

  /** Otherwise once a minute, for what no error told of. */
  private static final int ROUNDS_BETWEEN = 60;

  private static final String OWNED =
      """
      select c.batch, l.session_id, l.epoch from turnout.claim_log c
        left join lateral (
          select x.session_id, x.epoch from unnest(c.sessions) as s(id)
            join turnout.session_line x on x.session_id = s.id
            where x.owner = c.owner and x.state = 2) l on true
      where c.owner = ?
      """;

  private static final String PUT_BACK = "select turnout.put_back(?, ?, ?, ?, ?)";

  private final DataSource database;
  private final Clock clock;
  private final Holds holds;
  private @Nullable Look first;
  private long doubts;
  private int looksLeft;
  private int rounds;

  LostClaims(DataSource database, Clock clock, Holds holds) {
    this.database = database;
    this.clock = clock;
    this.holds = holds;
  }

  /**
   * What a look saw that nobody here knew.
   *
   * @param asked how many statements had been sent when it was over
   * @param doubts how many there were before it
   */
  private record Look(
      int owner, long asked, long doubts, Map<SessionId, Integer> epochs, List<Long> batches) {}

  /** One round, to be called once a second. Answers how many sessions were put back. */
  synchronized int round() throws SQLException {
    var seen = first;
    if (seen == null) {
      first = isDue() ? look() : null;
      return 0;
    }
    if (holds.awaits(seen.asked())) {
      return 0;
    }
    first = null;
    return seen.owner() == holds.replica() ? putBack(seen) : 0;
  }

  private boolean isDue() {
    rounds++;
    if (doubts != holds.doubts()) {
      doubts = holds.doubts();
      looksLeft = LOOKS_AFTER_DOUBT;
    }
    if (looksLeft > 0) {
      looksLeft--;
      return true;
    }
    return rounds % ROUNDS_BETWEEN == 0;
  }

  private @Nullable Look look() throws SQLException {
    int owner = holds.replica();
    long doubtsBefore = holds.doubts();
    var epochs = new LinkedHashMap<SessionId, Integer>();
    var batches = new ArrayList<Long>();
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(OWNED)) {
      statement.setInt(1, owner);
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          long batch = rows.getLong(1);
          if (!holds.knowsBatch(batch)) {
            batches.add(batch);
          }
          var session = new SessionId(rows.getLong(2));
          if (!rows.wasNull() && !holds.knows(session)) {
            epochs.put(session, rows.getInt(3));
          }
        }
      }
    }
    if (epochs.isEmpty() && batches.isEmpty()) {
      holds.resolve(doubtsBefore);
      return null;
    }
    return new Look(owner, holds.asked(), doubtsBefore, epochs, batches);
  }

  private int putBack(Look seen) throws SQLException {
    var lost = seen.epochs().keySet().stream().filter(s -> !holds.knows(s)).sorted().toList();
    int back = lost.isEmpty() ? 0 : putBack(seen, lost);
    if (back > 0) {
      LOG.log(Level.WARNING, "put back {0} sessions whose claim was not answered", back);
    }
    var batches = seen.batches().stream().distinct().filter(b -> !holds.knowsBatch(b)).toList();
    holds.giveBackClosedBatches(seen.owner(), batches);
    holds.resolve(seen.doubts());
    return back;
  }

  private int putBack(Look seen, List<SessionId> lost) throws SQLException {
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(PUT_BACK)) {
      statement.setInt(1, seen.owner());
      QueueStore.setInstant(statement, 2, clock.instant());
      statement.setString(3, StepStore.CANCELLED);
      statement.setArray(4, array(connection, "int8", lost, SessionId::value));
      statement.setArray(5, array(connection, "int4", lost, s -> seen.epochs().get(s)));
      try (var rows = statement.executeQuery()) {
        rows.next();
        return rows.getInt(1);
      }
    }
  }
}
