package dev.turnout.events;

import dev.turnout.turn.RunRef;
import dev.turnout.turn.TurnId;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;

/** The log's statements. */
final class EventStore {
  private static final String APPEND = "select turnout.append_events(?, ?, ?, ?, ?, ?, ?, ?, ?)";

  /** Most events of a page. */
  private static final int PAGE = 500;

  /** No event is added to a page of so many bytes: 500 long ones would be fifty megabytes. */
  private static final int FULL = 256 * 1024;

  /** Event 1 is the turn row: it is not stored, so that acceptance costs no second row. */
  private static final String READ =
      """
      select 1 as n, 'accepted' as kind, t.created_at as at, '{}' as data
        from turnout.turn t where t.id = ? and ? < 1
      union all
      select p.n, p.kind, p.at, p.data
        from (select e.n, e.kind, e.at, e.data,
                sum(octet_length(e.data)) over (order by e.n) - octet_length(e.data) as before
              from (select n, kind, at, data from turnout.turn_event
                      where turn_id = ? and n > ? order by n limit ?) e) p
        where p.before < ?
        order by n
      """;

  /** The rows of a deleted session may still be there; without its line they count for nothing. */
  private static final String EXISTS =
      """
      select exists (select 1 from turnout.turn t
        join turnout.session_line l on l.session_id = t.session_id where t.id = ?)
      """;

  private final DataSource database;

  EventStore(DataSource database) {
    this.database = database;
  }

  /** One entry of a batch. */
  record Entry(RunRef run, String kind, String json) {}

  /**
   * Writes a batch in one commit.
   *
   * @return for each entry its number, or 0 when its run has lost its hold
   */
  int[] append(Instant now, boolean durable, List<Entry> batch) throws SQLException {
    int size = batch.size();
    var owners = new Integer[size];
    var turns = new UUID[size];
    var sessions = new Long[size];
    var epochs = new Integer[size];
    var ranks = new Integer[size];
    var kinds = new String[size];
    var data = new String[size];
    Map<TurnId, Integer> seen = new HashMap<>();
    for (int i = 0; i < size; i++) {
      var entry = batch.get(i);
      owners[i] = entry.run().replica();
      turns[i] = entry.run().turn().value();
      sessions[i] = entry.run().session().value();
      epochs[i] = entry.run().epoch();
      ranks[i] = seen.merge(entry.run().turn(), 1, Integer::sum);
      kinds[i] = entry.kind();
      data[i] = entry.json();
    }
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(APPEND)) {
      // Typed, so that the driver need not ask the server twice, as it does for a Timestamp.
      statement.setObject(1, now.atOffset(ZoneOffset.UTC));
      statement.setBoolean(2, durable);
      statement.setArray(3, connection.createArrayOf("int4", owners));
      statement.setArray(4, connection.createArrayOf("uuid", turns));
      statement.setArray(5, connection.createArrayOf("int8", sessions));
      statement.setArray(6, connection.createArrayOf("int4", epochs));
      statement.setArray(7, connection.createArrayOf("int4", ranks));
      statement.setArray(8, connection.createArrayOf("text", kinds));
      statement.setArray(9, connection.createArrayOf("text", data));
      try (var rows = statement.executeQuery()) {
        rows.next();
        var numbers = (Integer[]) rows.getArray(1).getArray();
        var result = new int[size];
        for (int i = 0; i < size; i++) {
          result[i] = numbers[i];
        }
        return result;
      }
    }
  }

  boolean exists(TurnId turn) throws SQLException {
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(EXISTS)) {
      statement.setObject(1, turn.value());
      try (var rows = statement.executeQuery()) {
        rows.next();
        return rows.getBoolean(1);
      }
    }
  }

  EventPage read(TurnId turn, int after) throws SQLException {
    try (Connection connection = database.getConnection();
        var statement = connection.prepareStatement(READ)) {
      statement.setObject(1, turn.value());
      statement.setInt(2, after);
      statement.setObject(3, turn.value());
      statement.setInt(4, after);
      statement.setInt(5, PAGE);
      statement.setInt(6, FULL);
      var events = new ArrayList<StoredEvent>();
      int bytes = 0;
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          var json = rows.getBytes("data");
          bytes += json.length;
          events.add(
              new StoredEvent(
                  rows.getInt("n"),
                  rows.getString("kind"),
                  rows.getTimestamp("at").toInstant(),
                  new String(json, StandardCharsets.UTF_8)));
        }
      }
      return new EventPage(events, events.size() >= PAGE || bytes >= FULL);
    }
  }
}
