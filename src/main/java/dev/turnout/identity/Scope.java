package dev.turnout.identity;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What a key may do. The codes are also the role names by which endpoints ask for a scope. */
public enum Scope {
  /** Submit, cancel and read turns, change and read sessions, of the caller's own tenant. */
  TURNS,
  /** Read turns, sessions and events of the caller's own tenant, and the metrics. */
  READ,
  /** Operate the installation. Implies the other two. */
  ADMIN;

  /** {@link #TURNS} as a role name. */
  public static final String TURNS_ROLE = "turns";

  /** {@link #READ} as a role name. */
  public static final String READ_ROLE = "read";

  /** {@link #ADMIN} as a role name. */
  public static final String ADMIN_ROLE = "admin";

  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The scope with this {@link #code()}, if there is one. */
  public static Optional<Scope> ofCode(String code) {
    return Arrays.stream(values()).filter(scope -> scope.code().equals(code)).findFirst();
  }

  /** This scope and those that come with it. */
  Set<Scope> implied() {
    return switch (this) {
      case TURNS, READ -> EnumSet.of(this);
      case ADMIN -> EnumSet.allOf(Scope.class);
    };
  }

  /** The role names that a holder of these scopes has. */
  static Set<String> roles(Set<Scope> scopes) {
    return scopes.stream()
        .flatMap(scope -> scope.implied().stream())
        .map(Scope::code)
        .collect(Collectors.toUnmodifiableSet());
  }
}
