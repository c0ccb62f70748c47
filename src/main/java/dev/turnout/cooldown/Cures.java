package dev.turnout.cooldown;

import dev.turnout.turn.StoreUnavailable;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * Ends what a new secret or another setting has cured. It goes by what there is, compared with what
 * the failed attempt had, and not by events: a change counts whoever made it, and while we were not
 * looking. What a person made to rest has no fingerprint and is left alone.
 */
final class Cures {
  private static final String NOTE =
      "insert into turnout.cooldown_cure (cooldown_id, fingerprint)"
          + " select id, ? from turnout.cooldown where id = ?"
          + " on conflict (cooldown_id) do update set fingerprint = excluded.fingerprint";

  /** Unless it failed once more meanwhile, with what there is now. */
  private static final String END =
      "with changed as (delete from turnout.cooldown c using turnout.cooldown_cure f"
          + " where f.cooldown_id = c.id and c.id = ? and f.fingerprint = ? returning c.*)"
          + CooldownStore.HISTORY;

  private final DataSource database;
  private final Fingerprints fingerprints;
  private final SecureRandom random = new SecureRandom();

  Cures(DataSource database, Fingerprints fingerprints) {
    this.database = database;
    this.fingerprints = fingerprints;
  }

  private static Optional<CooldownChange.Kind> cure(CooldownScope scope) {
    return switch (scope) {
      case SIGN_IN -> Optional.of(CooldownChange.Kind.CREDENTIAL_CHANGED);
      case MODEL -> Optional.of(CooldownChange.Kind.CONFIG_CHANGED);
      // Other keys of an account, or other settings, leave its money and its windows as they are.
      case PAYMENT, QUOTA, SERVICE -> Optional.empty();
    };
  }

  /** It failed with what there is now. */
  void note(Cooldown cooldown) {
    if (cure(cooldown.key().scope()).isEmpty()) {
      return;
    }
    var salt = new byte[16];
    random.nextBytes(salt);
    var digest = fingerprints.of(cooldown.key(), salt);
    if (digest.isEmpty()) {
      return;
    }
    try (var connection = database.getConnection();
        var statement = connection.prepareStatement(NOTE)) {
      statement.setString(1, HexFormat.of().formatHex(salt) + ":" + digest.get());
      statement.setObject(2, cooldown.id());
      statement.executeUpdate();
    } catch (SQLException e) {
      throw new StoreUnavailable("a fingerprint cannot be kept", e);
    }
  }

  /** Ends those that are cured; answers whether there were any. */
  boolean end(CooldownSnapshot cooldowns, Instant now) {
    var curable = new HashMap<UUID, Cooldown>();
    for (var cooldown : cooldowns.all()) {
      if (cure(cooldown.key().scope()).isPresent()) {
        curable.put(cooldown.id(), cooldown);
      }
    }
    if (curable.isEmpty()) {
      return false;
    }
    boolean ended = false;
    try (var connection = database.getConnection()) {
      for (var noted : noted(connection).entrySet()) {
        var cooldown = curable.get(noted.getKey());
        if (cooldown != null && isOther(cooldown.key(), noted.getValue())) {
          ended |= end(connection, cooldown, noted.getValue(), now);
        }
      }
    } catch (SQLException e) {
      throw new StoreUnavailable("cured cooldowns cannot be ended", e);
    }
    return ended;
  }

  private static Map<UUID, String> noted(Connection connection) throws SQLException {
    try (var statement =
            connection.prepareStatement(
                "select cooldown_id, fingerprint from turnout.cooldown_cure");
        var rows = statement.executeQuery()) {
      var noted = new HashMap<UUID, String>();
      while (rows.next()) {
        noted.put(rows.getObject(1, UUID.class), rows.getString(2));
      }
      return noted;
    }
  }

  /** What cannot be read now is not other: a secret that is away cures nothing. */
  private boolean isOther(CooldownKey key, String noted) {
    int colon = noted.indexOf(':');
    var salt = HexFormat.of().parseHex(noted, 0, colon);
    return fingerprints
        .of(key, salt)
        .filter(digest -> !noted.substring(colon + 1).equals(digest))
        .isPresent();
  }

  private static boolean end(Connection connection, Cooldown cooldown, String noted, Instant now)
      throws SQLException {
    var kind = cure(cooldown.key().scope()).orElseThrow();
    try (var statement = connection.prepareStatement(END)) {
      statement.setObject(1, cooldown.id());
      statement.setString(2, noted);
      statement.setString(3, kind.code());
      statement.setTimestamp(4, Timestamp.from(now));
      statement.setString(5, null);
      statement.setString(6, null);
      if (statement.executeUpdate() == 0) {
        return false;
      }
    }
    CooldownStore.tell(connection);
    return true;
  }
}
