package dev.turnout.cooldown;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/** Work that belongs into the commit of a person's change, such as its line in the audit trail. */
@FunctionalInterface
public interface Alongside {
  /** Nothing more. */
  Alongside NOTHING = (_, _) -> {};

  /**
   * On the connection of the change; what it throws undoes the change.
   *
   * @param before what was there
   */
  void run(Connection connection, Optional<Cooldown> before) throws SQLException;
}
