package dev.turnout.queue;

import dev.turnout.turn.StoreUnavailable;
import dev.turnout.turn.TurnId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/** The letter box of each replica: which of its runs shall end. */
@ApplicationScoped
public class RunSignals {
  /** A signal goes when its turn has ended, so that one that came too early is found again. */
  private static final String READ =
      "select turn_id, by_turn from turnout.run_signal where owner = ?";

  private final DataSource database;

  @Inject
  public RunSignals(DataSource database) {
    this.database = database;
  }

  /** What waits for this replica. */
  public List<RunSignal> waiting(Replica replica) {
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(READ)) {
      statement.setInt(1, replica.id());
      var signals = new ArrayList<RunSignal>();
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          signals.add(
              new RunSignal(
                  new TurnId(rows.getObject(1, UUID.class)),
                  Optional.ofNullable(rows.getObject(2, UUID.class)).map(TurnId::new)));
        }
      }
      return signals;
    } catch (SQLException e) {
      throw new StoreUnavailable("run signals cannot be read", e);
    }
  }
}
