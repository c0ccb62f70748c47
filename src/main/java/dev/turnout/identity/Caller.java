package dev.turnout.identity;

import dev.turnout.turn.TenantId;
import io.quarkus.security.identity.SecurityIdentity;

/**
 * Who calls.
 *
 * @param name the id of the key, for the audit
 */
public record Caller(String name, TenantId tenant) {
  static final String ATTRIBUTE = "turnout.caller";

  /** The caller of an authenticated request. */
  public static Caller of(SecurityIdentity identity) {
    Caller caller = identity.getAttribute(ATTRIBUTE);
    if (caller == null) {
      throw new IllegalStateException("a request came here without authentication");
    }
    return caller;
  }
}
