package dev.turnout.queue;

import static dev.turnout.queue.QueueStore.array;

import dev.turnout.turn.BusyMode;
import dev.turnout.turn.SessionId;
import dev.turnout.turn.TurnId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Turns that are admitted in one commit, as the arrays that {@code turnout.admit} takes. Lines are
 * sorted by session: that is the order in which every batch locks.
 */
final class AdmissionBatch {
  private static final String ADMIT =
      "select * from turnout.admit(?,?,?, ?,?,?,?,?,?, ?,?,?,?,?,?,?,?,?,?,?,?, ?,?,?, ?,?)";

  private final List<Line> lines;
  private final List<NewTurn> turns = new ArrayList<>();
  private final List<Integer> lineOf = new ArrayList<>();
  private final List<Integer> rankOf = new ArrayList<>();

  private AdmissionBatch(List<Line> lines) {
    this.lines = lines;
    for (int line = 0; line < lines.size(); line++) {
      var members = lines.get(line).turns;
      for (int rank = 0; rank < members.size(); rank++) {
        turns.add(members.get(rank));
        lineOf.add(line + 1);
        rankOf.add(rank + 1);
      }
    }
  }

  /** What one session gets in this batch. All its turns ask for the same cap and kind. */
  static final class Line {
    final SessionId session;
    final int cap;
    final boolean deferred;
    final boolean supersedes;
    final List<NewTurn> turns = new ArrayList<>();
    boolean direct;

    private Line(NewTurn first) {
      session = first.session();
      cap = first.effectiveCap();
      deferred = first.notBefore().isPresent();
      supersedes = first.mode() == BusyMode.INTERRUPT && !deferred;
      turns.add(first);
    }

    private boolean takes(NewTurn turn) {
      return !supersedes
          && turn.mode() != BusyMode.INTERRUPT
          && cap == turn.effectiveCap()
          && deferred == turn.notBefore().isPresent();
    }

    NewTurn first() {
      return turns.getFirst();
    }
  }

  /**
   * A batch of as many of these as fit together, and in {@code left} the others, in their order.
   */
  static AdmissionBatch of(List<NewTurn> asked, List<NewTurn> left) {
    Map<SessionId, Line> bySession = new HashMap<>();
    Map<SessionId, Boolean> waitsForNext = new HashMap<>();
    boolean superseding = false;
    for (var turn : asked) {
      var line = bySession.get(turn.session());
      boolean interrupts = turn.mode() == BusyMode.INTERRUPT && turn.notBefore().isEmpty();
      // An interrupt locks its line first and alone, outside the sorted order: no company for it.
      boolean fits =
          !waitsForNext.containsKey(turn.session())
              && !superseding
              && (interrupts ? bySession.isEmpty() : line == null || line.takes(turn));
      if (!fits) {
        waitsForNext.put(turn.session(), true);
        left.add(turn);
      } else if (line == null) {
        bySession.put(turn.session(), new Line(turn));
        superseding = interrupts;
      } else {
        line.turns.add(turn);
      }
    }
    var sorted =
        bySession.values().stream().sorted(Comparator.comparing(line -> line.session)).toList();
    return new AdmissionBatch(sorted);
  }

  List<Line> lines() {
    return lines;
  }

  List<NewTurn> turns() {
    return turns;
  }

  /** What the database answered. */
  sealed interface Answer {
    /** One entry for each of {@link #lines()}. */
    record Admitted(Instant at, List<Placed> placed, long batch, int readied) implements Answer {}

    /** Nothing was admitted: these were accepted before. */
    record Duplicates(List<Duplicate> duplicates) implements Answer {}
  }

  /**
   * Where a line's turns stand now.
   *
   * @param first the number of the first of them in its session
   * @param accepted how many of them were let in; -1 when the session was deleted
   * @param epoch more than 0 when the first of them is ours to run
   * @param ahead how many open turns stand before the first of them
   */
  record Placed(long first, int accepted, int epoch, int ahead) {}

  record Duplicate(NewTurn turn, TurnId original, String fingerprint) {}

  Answer admit(Connection connection, int owner, Instant now, String droppedEvent)
      throws SQLException {
    try (var statement = connection.prepareStatement(ADMIT)) {
      statement.setInt(1, owner);
      QueueStore.setInstant(statement, 2, now);
      statement.setString(3, droppedEvent);
      bindLines(connection, statement);
      bindTurns(connection, statement);
      bindKeys(connection, statement);
      bindRoutes(connection, statement);
      bindSteers(connection, statement);
      try (var row = statement.executeQuery()) {
        row.next();
        return answer(row, now);
      }
    }
  }

  private void bindLines(Connection c, PreparedStatement statement) throws SQLException {
    statement.setArray(4, array(c, "int8", lines, line -> line.session.value()));
    statement.setArray(5, array(c, "int4", lines, line -> line.turns.size()));
    statement.setArray(6, array(c, "int4", lines, line -> line.cap));
    statement.setArray(7, array(c, "bool", lines, line -> line.deferred));
    statement.setArray(8, array(c, "bool", lines, line -> line.direct));
    statement.setArray(9, array(c, "bool", lines, line -> line.supersedes));
  }

  private void bindTurns(Connection c, PreparedStatement statement) throws SQLException {
    statement.setArray(10, c.createArrayOf("int4", lineOf.toArray()));
    statement.setArray(11, c.createArrayOf("int4", rankOf.toArray()));
    statement.setArray(12, array(c, "uuid", turns, turn -> turn.id().value()));
    statement.setArray(13, array(c, "text", turns, turn -> turn.agent().value()));
    statement.setArray(14, array(c, "text", turns, turn -> turn.choice().model().orElse(null)));
    statement.setArray(15, array(c, "text", turns, turn -> turn.lane().value()));
    statement.setArray(16, array(c, "int2", turns, turn -> (short) -turn.priority()));
    statement.setArray(17, array(c, "text", turns, turn -> turn.recovery().code()));
    statement.setArray(18, array(c, "text", turns, NewTurn::input));
    statement.setArray(19, array(c, "text", turns, NewTurn::metadata));
    bindTimes(c, statement, 20, turns.stream().map(NewTurn::notBefore).toList());
    bindTimes(c, statement, 21, turns.stream().map(NewTurn::expiresAt).toList());
  }

  private static void bindTimes(
      Connection c, PreparedStatement statement, int index, List<Optional<Instant>> times)
      throws SQLException {
    if (times.stream().allMatch(Optional::isEmpty)) {
      QueueStore.setNoArray(statement, index, "timestamptz");
    } else {
      // As text: arrays of java.sql.Timestamp would be written in the JVM's own time zone.
      statement.setArray(
          index, array(c, "timestamptz", times, time -> time.map(Instant::toString).orElse(null)));
    }
  }

  private void bindKeys(Connection c, PreparedStatement statement) throws SQLException {
    if (turns.stream().allMatch(turn -> turn.idempotency().isEmpty())) {
      for (int index = 22; index <= 24; index++) {
        QueueStore.setNoArray(statement, index, "text");
      }
      return;
    }
    var keys = turns.stream().map(NewTurn::idempotency).toList();
    statement.setArray(
        22, array(c, "text", keys, k -> k.map(key -> key.tenant().value()).orElse(null)));
    statement.setArray(
        23, array(c, "text", keys, k -> k.map(NewTurn.IdempotencyKey::key).orElse(null)));
    statement.setArray(
        24, array(c, "text", keys, k -> k.map(NewTurn.IdempotencyKey::fingerprint).orElse(null)));
  }

  private void bindRoutes(Connection c, PreparedStatement statement) throws SQLException {
    if (turns.stream().allMatch(turn -> RouteChoices.write(turn.choice()) == null)) {
      QueueStore.setNoArray(statement, 25, "text");
    } else {
      statement.setArray(25, array(c, "text", turns, turn -> RouteChoices.write(turn.choice())));
    }
  }

  private void bindSteers(Connection c, PreparedStatement statement) throws SQLException {
    if (turns.stream().allMatch(turn -> turn.mode() != BusyMode.STEER)) {
      QueueStore.setNoArray(statement, 26, "bool");
    } else {
      statement.setArray(26, array(c, "bool", turns, turn -> turn.mode() == BusyMode.STEER));
    }
  }

  private Answer answer(ResultSet row, Instant now) throws SQLException {
    var ordinals = row.getArray("dup_ord");
    if (ordinals != null) {
      return duplicates(row, (Long[]) ordinals.getArray());
    }
    var first = (Long[]) row.getArray("first").getArray();
    var accepted = (Integer[]) row.getArray("accepted").getArray();
    var epoch = (Integer[]) row.getArray("epoch").getArray();
    var ahead = (Integer[]) row.getArray("ahead").getArray();
    var placed = new ArrayList<Placed>(lines.size());
    for (int i = 0; i < lines.size(); i++) {
      placed.add(new Placed(first[i], accepted[i], epoch[i], ahead[i]));
    }
    return new Answer.Admitted(now, placed, row.getLong("batch"), row.getInt("readied"));
  }

  private Answer duplicates(ResultSet row, Long[] ordinals) throws SQLException {
    var originals = (UUID[]) row.getArray("dup_turn").getArray();
    var fingerprints = (String[]) row.getArray("dup_fingerprint").getArray();
    var duplicates = new ArrayList<Duplicate>();
    for (int i = 0; i < ordinals.length; i++) {
      duplicates.add(
          new Duplicate(
              turns.get((int) (ordinals[i] - 1)), new TurnId(originals[i]), fingerprints[i]));
    }
    return new Answer.Duplicates(duplicates);
  }
}
