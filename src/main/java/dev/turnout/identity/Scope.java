package dev.turnout.identity;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What a key may do. */
public enum Scope {
  /** Submit, change and cancel turns; change sessions. Includes {@link #READ}. */
  TURNS,
  /** Read turns, events and sessions. */
  READ,
  /** Everything, and the admin API. */
  ADMIN;

  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<Scope> ofCode(String code) {
    return Arrays.stream(values()).filter(scope -> scope.code().equals(code)).findFirst();
  }

  /** This scope and what it includes. */
  public Set<Scope> closure() {
    return switch (this) {
      case READ -> EnumSet.of(READ);
      case TURNS -> EnumSet.of(TURNS, READ);
      case ADMIN -> EnumSet.allOf(Scope.class);
    };
  }
}
