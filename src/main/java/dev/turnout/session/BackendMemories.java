package dev.turnout.session;

import dev.turnout.turn.AuthProfileId;
import dev.turnout.turn.BackendId;
import dev.turnout.turn.Candidate;
import dev.turnout.turn.SessionId;
import dev.turnout.turn.StoreUnavailable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;

/** By which id each backend remembers a session, and how much of it. */
@ApplicationScoped
public class BackendMemories {
  private static final String RECALL =
      "select ref, known_seq from turnout.session_backend where session_id = ? and backend = ?";

  private static final String REMEMBER = "select turnout.remember(?, ?, ?, ?, ?)";

  private static final String FORGET =
      "delete from turnout.session_backend where session_id = ? and backend = ?";

  private static final String PROFILES =
      "select backend, model, profile from turnout.session_profile where session_id = ?";

  /** As turnout.remember: nothing is kept of a session that was reset since, or is gone. */
  private static final String KEEP_PROFILE =
      """
      with living as (select id from turnout.session where id = ? and history_from < ? for share)
      insert into turnout.session_profile (session_id, backend, model, profile, updated_at)
        select id, ?, ?, ?, ? from living
        on conflict (session_id, backend, model)
          do update set profile = excluded.profile, updated_at = excluded.updated_at
      """;

  private final DataSource database;
  private final Clock clock;

  @Inject
  public BackendMemories(DataSource database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /** What this backend remembers of the session. */
  public Optional<BackendMemory> recall(SessionId session, BackendId backend) {
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(RECALL)) {
      statement.setLong(1, session.value());
      statement.setString(2, backend.value());
      try (var rows = statement.executeQuery()) {
        return rows.next()
            ? Optional.of(new BackendMemory(rows.getString(1), rows.getLong(2)))
            : Optional.empty();
      }
    } catch (SQLException e) {
      throw new StoreUnavailable("what " + backend + " remembers cannot be read", e);
    }
  }

  /**
   * Keeps it, before the turn ends: the next turn may start in the same moment. A turn that began
   * before its session was reset or deleted keeps nothing.
   */
  public void remember(SessionId session, BackendId backend, BackendMemory memory) {
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(REMEMBER)) {
      statement.setLong(1, session.value());
      statement.setString(2, backend.value());
      statement.setString(3, memory.ref());
      statement.setLong(4, memory.knownSeq());
      statement.setTimestamp(5, Timestamp.from(clock.instant()));
      statement.execute();
    } catch (SQLException e) {
      throw new StoreUnavailable("what " + backend + " remembers cannot be kept", e);
    }
  }

  /**
   * Which credential answered the session last, by backend and model; only where there was a
   * choice. The keys are candidates without a credential.
   */
  public Map<Candidate, AuthProfileId> profiles(SessionId session) {
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(PROFILES)) {
      statement.setLong(1, session.value());
      var profiles = new HashMap<Candidate, AuthProfileId>();
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          var model = Optional.of(rows.getString(2)).filter(name -> !name.isEmpty());
          profiles.put(
              new Candidate(new BackendId(rows.getString(1)), model, Optional.empty()),
              new AuthProfileId(rows.getString(3)));
        }
      }
      return profiles;
    } catch (SQLException e) {
      throw new StoreUnavailable("the credentials of a session cannot be read", e);
    }
  }

  /**
   * The session stays with the credential of this candidate.
   *
   * @param seq of the turn that it answered
   */
  public void keepProfile(SessionId session, Candidate candidate, long seq) {
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(KEEP_PROFILE)) {
      statement.setLong(1, session.value());
      statement.setLong(2, seq);
      statement.setString(3, candidate.backend().value());
      statement.setString(4, candidate.model().orElse(""));
      statement.setString(5, candidate.authProfile().map(AuthProfileId::value).orElse(""));
      statement.setTimestamp(6, Timestamp.from(clock.instant()));
      statement.executeUpdate();
    } catch (SQLException e) {
      throw new StoreUnavailable("the credential of a session cannot be kept", e);
    }
  }

  /** The backend has lost the conversation; the next turn tells it anew. */
  public void forget(SessionId session, BackendId backend) {
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(FORGET)) {
      statement.setLong(1, session.value());
      statement.setString(2, backend.value());
      statement.executeUpdate();
    } catch (SQLException e) {
      throw new StoreUnavailable("what " + backend + " remembers cannot be dropped", e);
    }
  }
}
