package dev.turnout.session;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.turnout.news.News;
import dev.turnout.turn.AgentId;
import dev.turnout.turn.AuthProfileId;
import dev.turnout.turn.SessionId;
import dev.turnout.turn.SessionKey;
import dev.turnout.turn.StoreUnavailable;
import dev.turnout.turn.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/** Conversations, by the key that their caller chose. */
@ApplicationScoped
public class Sessions {
  /** Where a reset is told, to whoever keeps something of the old conversation. */
  public static final String RESETS = "turnout_resets";

  /** One statement: a session without a line cannot be seen by anybody. */
  private static final String OPEN =
      """
      with opened as (
        insert into turnout.session (tenant, key, created_at, updated_at) values (?, ?, ?, ?)
        on conflict (tenant, key) do nothing returning id
      ), line as (
        insert into turnout.session_line (session_id) select id from opened
      )
      select id from opened
      union all select id from turnout.session where tenant = ? and key = ? limit 1
      """;

  private static final String PINS =
      "select agent, auth_profile from turnout.session where tenant = ? and key = ?";

  private static final String NAME = "select tenant, key from turnout.session where id = ?";

  private static final String RESET =
      """
      select turnout.reset_session(s.id, ?) from turnout.session s where s.tenant = ? and s.key = ?
      """;

  private final DataSource database;
  private final SessionRepository repository;
  private final Clock clock;
  private final News news;

  /** A key keeps its number for as long as the session lives. */
  private final Cache<Name, SessionId> numbers =
      Caffeine.newBuilder().maximumSize(100_000).expireAfterAccess(Duration.ofHours(1)).build();

  Sessions(DataSource database, SessionRepository repository, Clock clock, News news) {
    this.database = database;
    this.repository = repository;
    this.clock = clock;
    this.news = news;
  }

  /** The tenant and the key of a session. */
  public record Name(TenantId tenant, SessionKey key) {}

  /** Whose this session is, and by which key; empty when it was deleted. */
  public Optional<Name> name(SessionId session) {
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(NAME)) {
      statement.setLong(1, session.value());
      try (var rows = statement.executeQuery()) {
        return rows.next()
            ? Optional.of(
                new Name(new TenantId(rows.getString(1)), new SessionKey(rows.getString(2))))
            : Optional.empty();
      }
    } catch (SQLException e) {
      throw new StoreUnavailable("session " + session + " cannot be read", e);
    }
  }

  /** The number of the session with this key, which comes to be when it was not there. */
  public SessionId open(TenantId tenant, SessionKey key) {
    var name = new Name(tenant, key);
    var known = numbers.getIfPresent(name);
    if (known != null) {
      return known;
    }
    var opened = openNow(name);
    numbers.put(name, opened);
    return opened;
  }

  /** Whether its number is known here, so that opening it asks nobody. */
  public boolean isKnown(TenantId tenant, SessionKey key) {
    return numbers.getIfPresent(new Name(tenant, key)) != null;
  }

  /** The session of this number was deleted: its key opens another one from now on. */
  public void forget(TenantId tenant, SessionKey key, SessionId deleted) {
    numbers.asMap().remove(new Name(tenant, key), deleted);
  }

  private SessionId openNow(Name name) {
    // Another try: where another caller's insert is under way the first sees neither row.
    for (int tries = 0; tries < 10; tries++) {
      try (var connection = database.getConnection();
          var statement = connection.prepareStatement(OPEN)) {
        var now = Timestamp.from(clock.instant());
        statement.setString(1, name.tenant.value());
        statement.setString(2, name.key.value());
        statement.setTimestamp(3, now);
        statement.setTimestamp(4, now);
        statement.setString(5, name.tenant.value());
        statement.setString(6, name.key.value());
        try (var rows = statement.executeQuery()) {
          if (rows.next()) {
            return new SessionId(rows.getLong(1));
          }
        }
      } catch (SQLException e) {
        throw new StoreUnavailable("session " + name.key + " cannot be opened", e);
      }
    }
    throw new IllegalStateException("session " + name.key + " neither exists nor can be made");
  }

  /** Who answers in a session and with which credential, where it has its own. */
  public record Pins(Optional<AgentId> agent, Optional<AuthProfileId> authProfile) {}

  /**
   * What the session has of its own; nothing where nobody has used it. Every submission asks: so it
   * is one bare query, without the transaction and the entity that a whole session takes.
   */
  public Pins pins(TenantId tenant, SessionKey key) {
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(PINS)) {
      statement.setString(1, tenant.value());
      statement.setString(2, key.value());
      try (var rows = statement.executeQuery()) {
        return rows.next()
            ? new Pins(
                Optional.ofNullable(rows.getString(1)).map(AgentId::new),
                Optional.ofNullable(rows.getString(2)).map(AuthProfileId::new))
            : new Pins(Optional.empty(), Optional.empty());
      }
    } catch (SQLException e) {
      throw new StoreUnavailable("the agent of session " + key + " cannot be read", e);
    }
  }

  /** The session with this key. */
  @Transactional
  public Optional<Session> find(TenantId tenant, SessionKey key) {
    return repository.byKey(tenant, key).map(SessionEntity::toSession);
  }

  /**
   * A page of sessions, newest first.
   *
   * @param keyPrefix only those whose key starts so; empty for all
   * @param before only those with a lower number; empty from the start
   */
  @Transactional
  public List<Session> page(
      TenantId tenant, String keyPrefix, Optional<SessionId> before, int size) {
    return repository
        .page(tenant, keyPrefix, before.map(SessionId::value).orElse(Long.MAX_VALUE), size)
        .stream()
        .map(SessionEntity::toSession)
        .toList();
  }

  /**
   * Begins a new conversation in the session: the turns so far can be read, but nobody is told of
   * them any more, and no backend resumes what it knew. A turn that runs now belongs to the old
   * conversation, those that wait to the new one.
   */
  public Optional<Session> reset(TenantId tenant, SessionKey key) {
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(RESET)) {
      statement.setTimestamp(1, Timestamp.from(clock.instant()));
      statement.setString(2, tenant.value());
      statement.setString(3, key.value());
      statement.execute();
    } catch (SQLException e) {
      throw new StoreUnavailable("session " + key + " cannot be reset", e);
    }
    news.tell(RESETS);
    return find(tenant, key);
  }

  /**
   * Changes who answers in the session, or what the caller keeps with it.
   *
   * @param authProfile the name of one; the empty text takes it away
   */
  @Transactional
  public Optional<Session> change(
      TenantId tenant,
      SessionKey key,
      Optional<AgentId> agent,
      Optional<String> authProfile,
      Optional<String> metadata) {
    var found = repository.lockedByKey(tenant, key);
    found.ifPresent(
        entity -> {
          agent.ifPresent(id -> entity.agent = id.value());
          authProfile.ifPresent(name -> entity.authProfile = name.isEmpty() ? null : name);
          metadata.ifPresent(json -> entity.metadata = json);
          entity.updatedAt = clock.instant();
        });
    return found.map(SessionEntity::toSession);
  }
}
