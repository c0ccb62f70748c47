package dev.turnout.cooldown;

import java.util.Locale;

/**
 * What rests together. The name of each says what its failures have in common; what stands beside
 * it is what its key is made of. The lane is part of every key: work of one class never costs the
 * work of another its candidates.
 */
public enum CooldownScope {
  /** Account × runtime: who pays. */
  PAYMENT,
  /** Account × runtime: who is let in. */
  SIGN_IN,
  /** Account × runtime × model: how much of it is left. */
  QUOTA,
  /** Backend × model: whether anybody is there at all, whoever asks. */
  SERVICE,
  /** Account × model: whether there is such a model for this account. */
  MODEL;

  /** The stable snake_case name used in the API and in SQL. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The scope with this {@link #code()}. */
  public static CooldownScope ofCode(String code) {
    return valueOf(code.toUpperCase(Locale.ROOT));
  }

  /** What rests of this way when it fails in this scope. */
  public CooldownKey of(Way way) {
    var account = way.account();
    var backend = way.backend().value();
    var lane = way.lane().value();
    return switch (this) {
      case PAYMENT, SIGN_IN -> new CooldownKey(this, account, "", way.runtime(), "", lane);
      case QUOTA -> new CooldownKey(this, account, "", way.runtime(), way.model(), lane);
      case SERVICE -> new CooldownKey(this, "", backend, "", way.model(), lane);
      case MODEL -> new CooldownKey(this, account, "", "", way.model(), lane);
    };
  }
}
