package dev.turnout.turn;

import java.util.Locale;

/**
 * What happens to a turn whose replica died while it ran. The dead process may have acted; running
 * it again may act twice. The caller knows which is worse.
 */
public enum Recovery {
  /** Run again only when no output and no tool call had been seen; otherwise end as interrupted. */
  IF_NO_EFFECT,
  /** Run again whatever was seen: the work is idempotent. */
  ALWAYS,
  /** Never run again. */
  NEVER;

  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The policy with this {@link #code()}. */
  public static Recovery ofCode(String code) {
    return valueOf(code.toUpperCase(Locale.ROOT));
  }
}
