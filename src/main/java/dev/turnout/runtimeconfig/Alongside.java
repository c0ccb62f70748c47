package dev.turnout.runtimeconfig;

import java.sql.Connection;
import java.sql.SQLException;

/** Work that belongs into the commit of a revision, such as its line in an audit trail. */
@FunctionalInterface
public interface Alongside {
  /** Nothing more. */
  Alongside NOTHING = (_, _) -> {};

  /** On the connection that writes the revision; what it throws undoes it. */
  void run(Connection connection, Revision revision) throws SQLException;
}
