package dev.turnout.bench;

import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;

/** What pgbench does, for machines without one: a commit for each inserted row. */
final class Inserts {
  private static final String INSERT = "insert into line (session, body) values (?, ?)";

  private Inserts() {}

  static Rate measure(BenchDatabase database, int clients, Duration span) throws Exception {
    database.truncateInserts();
    var connections = new ArrayList<Connection>();
    try {
      var result =
          Load.closedLoop(
              Thread.ofPlatform().factory(),
              clients,
              span,
              () -> Processor.micros() + database.micros(),
              number -> {
                var connection =
                    DriverManager.getConnection(
                        database.url("bench_inserts") + "?prepareThreshold=1",
                        database.user(),
                        database.password());
                connections.add(connection);
                @SuppressWarnings("resource") // Goes with its connection.
                var statement = connection.prepareStatement(INSERT);
                return () -> {
                  statement.setLong(1, number);
                  statement.setString(2, Load.TEXT);
                  statement.executeUpdate();
                };
              });
      return new Rate(result.perSecond(), result.microsEach(), java.util.OptionalDouble.empty());
    } finally {
      for (var connection : connections) {
        connection.close();
      }
    }
  }
}
