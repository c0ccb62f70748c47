package dev.turnout.identity;

import dev.turnout.turn.TenantId;
import io.quarkus.security.identity.SecurityIdentity;
import java.security.Principal;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Who makes a request, by an API key or by the token of an issuer.
 *
 * @param name by which it is counted: the id of the key, or subject and issuer of the token
 * @param key the id of the API key that was shown; empty for a token
 * @param label for people: the name that the operator gave to the key, or {@code name} again
 * @param rate the key's own, in place of what the settings say
 */
public record Caller(
    String name,
    Optional<UUID> key,
    TenantId tenant,
    String label,
    Set<Scope> scopes,
    Optional<KeyRate> rate)
    implements Principal {
  public Caller {
    scopes = Set.copyOf(scopes);
  }

  /**
   * The caller of a request.
   *
   * @throws IllegalStateException when nobody has signed in: such a request must not come so far
   */
  public static Caller of(SecurityIdentity identity) {
    if (identity.getPrincipal() instanceof Caller caller) {
      return caller;
    }
    throw new IllegalStateException("a request came here without a key");
  }

  /** The names of all that it may do, for endpoints to ask for. */
  public Set<String> roles() {
    return Scope.roles(scopes);
  }

  /** Labels need not be unique. */
  @Override
  public String getName() {
    return name;
  }
}
