package dev.turnout.decision;

import dev.turnout.failure.FailureReason;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.List;

/** The where of a list, one condition after the other; values never become part of its text. */
final class Conditions {
  private final List<String> sql = new ArrayList<>();
  private final List<Object> values = new ArrayList<>();

  void add(String condition, Object... these) {
    sql.add(condition);
    values.addAll(List.of(these));
  }

  void add(DecisionFilter filter) {
    filter.turn().ifPresent(turn -> add("d.turn_id = ?", turn.value()));
    filter.tenant().ifPresent(tenant -> add("d.tenant = ?", tenant.value()));
    filter
        .session()
        .ifPresent(
            key ->
                add(
                    "d.session_id ="
                        + " (select x.id from turnout.session x where x.tenant = ? and x.key = ?)",
                    filter.tenant().orElseThrow().value(),
                    key.value()));
    filter.agent().ifPresent(agent -> add("d.agent = ?", agent.value()));
    filter.backend().ifPresent(backend -> add("d.backend = ?", backend.value()));
    filter.authProfile().ifPresent(profile -> add("d.auth_profile = ?", profile.value()));
    filter.lane().ifPresent(lane -> add("d.lane = ?", lane.value()));
    if (!filter.reasons().isEmpty()) {
      var marks = String.join(", ", filter.reasons().stream().map(_ -> "?").toList());
      add(
          "d.reason in (" + marks + ")",
          filter.reasons().stream().map(FailureReason::code).toArray());
    }
    // Ids are of the time to the millisecond, and have the index.
    filter
        .from()
        .ifPresent(
            from -> add("d.id >= ? and d.at >= ?", TimedIds.floor(from), Timestamp.from(from)));
    filter
        .to()
        .ifPresent(
            to ->
                add("d.id < ? and d.at < ?", TimedIds.floor(to.plusMillis(1)), Timestamp.from(to)));
  }

  String sql() {
    return sql.isEmpty() ? "" : " where " + String.join(" and ", sql);
  }

  /** Binds all; answers the index of the parameter after them. */
  int bind(PreparedStatement statement) throws SQLException {
    int next = 1;
    for (var value : values) {
      statement.setObject(next++, value);
    }
    return next;
  }
}
