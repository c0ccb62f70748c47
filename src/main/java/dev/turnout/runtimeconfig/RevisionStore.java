package dev.turnout.runtimeconfig;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.turnout.turn.StoreUnavailable;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/** The rows of revisions, which are only ever added. */
final class RevisionStore {
  private static final ObjectMapper JSON = JsonMapper.builder().build();

  private static final String SELECT = "select * from turnout.config_revision where ";

  /**
   * The primary key is the compare-and-set: of two writers that saw one base, one gets the number.
   */
  private static final String APPEND =
      """
      insert into turnout.config_revision
          (number, kind, at, author_key, author, comment, restored, document, changes)
        select ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?::jsonb
        where (select max(number) from turnout.config_revision) = ?
        on conflict do nothing
      """;

  private final DataSource database;

  RevisionStore(DataSource database) {
    this.database = database;
  }

  private interface Work<T> {
    T run(Connection connection) throws SQLException;
  }

  private <T> T with(String what, Work<T> work) {
    try (var connection = database.getConnection()) {
      return work.run(connection);
    } catch (SQLException e) {
      throw new StoreUnavailable("the runtime configuration: " + what, e);
    }
  }

  long currentNumber() {
    return with(
        "cannot be read",
        connection -> {
          try (var statement = connection.createStatement();
              var rows =
                  statement.executeQuery("select max(number) from turnout.config_revision")) {
            rows.next();
            return rows.getLong(1);
          }
        });
  }

  Revision current() {
    return select("number = (select max(number) from turnout.config_revision)", 1).getFirst();
  }

  Optional<Revision> find(long number) {
    return select("number = " + number, 1).stream().findFirst();
  }

  /** The newest first, before this number. */
  List<Revision> before(long number, int limit) {
    return select("number < " + number + " order by number desc", limit);
  }

  private List<Revision> select(String which, int limit) {
    return with(
        "cannot be read",
        connection -> {
          try (var statement = connection.createStatement();
              var rows = statement.executeQuery(SELECT + which + " limit " + limit)) {
            var found = new ArrayList<Revision>();
            while (rows.next()) {
              found.add(read(rows));
            }
            return found;
          }
        });
  }

  /**
   * Adds it behind the one before it, with what belongs into its commit; false when that is no
   * longer the current one.
   */
  boolean append(Revision revision, Alongside also) {
    return with(
        "cannot be written",
        connection -> {
          connection.setAutoCommit(false);
          try {
            boolean added = insert(connection, revision);
            if (added) {
              also.run(connection, revision);
            }
            connection.commit();
            return added;
          } catch (SQLException | RuntimeException e) {
            connection.rollback();
            throw e;
          } finally {
            connection.setAutoCommit(true);
          }
        });
  }

  private static boolean insert(Connection connection, Revision revision) throws SQLException {
    try (var statement = connection.prepareStatement(APPEND)) {
      statement.setLong(1, revision.number());
      statement.setString(2, revision.kind().code());
      statement.setTimestamp(3, Timestamp.from(revision.at()));
      statement.setObject(4, revision.author().key().orElse(null));
      statement.setString(5, revision.author().name());
      statement.setString(6, revision.comment());
      statement.setObject(7, revision.restored().orElse(null), java.sql.Types.BIGINT);
      statement.setString(8, revision.document().toString());
      statement.setString(9, write(revision.changes()));
      statement.setLong(10, revision.number() - 1);
      return statement.executeUpdate() == 1;
    }
  }

  private static Revision read(ResultSet row) throws SQLException {
    var restored = row.getLong("restored");
    return new Revision(
        row.getLong("number"),
        Revision.Kind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
        row.getTimestamp("at").toInstant(),
        new Author(
            Optional.ofNullable(row.getObject("author_key", UUID.class)), row.getString("author")),
        row.getString("comment"),
        restored == 0 ? Optional.empty() : Optional.of(restored),
        parse(row.getString("document")),
        changes(parse(row.getString("changes"))));
  }

  private static JsonNode parse(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the database holds JSON that cannot be read", e);
    }
  }

  private static String write(List<Change> changes) {
    var list = JsonNodeFactory.instance.arrayNode();
    for (var change : changes) {
      var entry = list.addObject().put("pointer", change.pointer());
      change.before().ifPresent(value -> entry.set("before", value));
      change.after().ifPresent(value -> entry.set("after", value));
    }
    return list.toString();
  }

  private static List<Change> changes(JsonNode list) {
    var changes = new ArrayList<Change>();
    for (var entry : list) {
      changes.add(
          new Change(
              entry.path("pointer").asText(),
              Optional.ofNullable(entry.get("before")),
              Optional.ofNullable(entry.get("after"))));
    }
    return changes;
  }
}
