package dev.turnout.identity;

import dev.turnout.turn.TenantId;
import io.quarkus.security.identity.SecurityIdentity;
import java.security.Principal;
import java.util.Set;
import java.util.UUID;

/**
 * Who makes a request.
 *
 * @param key the id of the API key that was shown
 * @param label the name that the operator gave to the key
 */
public record Caller(UUID key, TenantId tenant, String label, Set<Scope> scopes)
    implements Principal {
  public Caller {
    scopes = Set.copyOf(scopes);
  }

  /**
   * The caller of a request.
   *
   * @throws IllegalStateException when nobody has shown a key: such a request must not come so far
   */
  public static Caller of(SecurityIdentity identity) {
    if (identity.getPrincipal() instanceof Caller caller) {
      return caller;
    }
    throw new IllegalStateException("a request came here without a key");
  }

  /** The key's id: labels need not be unique. */
  @Override
  public String getName() {
    return key.toString();
  }
}
