package dev.turnout.identity;

import dev.turnout.turn.TenantId;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How the claims of an issuer's tokens become a tenant and scopes of ours. Each issuer has names of
 * its own for them, so an operator writes them down; nothing is taken from a token that was not
 * asked for.
 *
 * @param tenantClaim a name, or a path of names with {@code /} between them
 * @param defaultTenant of tokens without that claim; they are refused when empty
 * @param scopeClaim a name or a path, as above
 * @param scopePrefix what stands before the code of a scope
 * @param scopes what other values of that claim give
 */
public record ClaimMapping(
    String tenantClaim,
    Optional<TenantId> defaultTenant,
    String scopeClaim,
    String scopePrefix,
    Map<String, Scope> scopes) {
  /** What a tenant is called, wherever one is written. */
  private static final Pattern TENANT = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

  /** The longest subject that OpenID Connect allows, and as much for the issuer. */
  private static final int LONGEST = 255;

  public ClaimMapping {
    scopes = Map.copyOf(scopes);
  }

  /** Reads the claims of a token whose signature, times, issuer and audience were found right. */
  public TokenReading read(Map<String, ?> claims) {
    var subject = text(claims.get("sub"));
    var issuer = text(claims.get("iss"));
    if (subject.isEmpty() || issuer.isEmpty()) {
      return new TokenReading.Refused(
          "The token names no subject (sub) of at most 255 characters.");
    }
    var tenant = find(claims, tenantClaim);
    var found = tenant == null ? defaultTenant : tenant(tenant);
    if (found.isEmpty()) {
      return new TokenReading.Refused(
          tenant == null
              ? "The token names no tenant."
              : "The token names a tenant in a way that no tenant is called.");
    }
    var name = subject.get() + "@" + issuer.get();
    return new TokenReading.Known(
        new Caller(name, Optional.empty(), found.get(), name, scopesOf(claims), Optional.empty()));
  }

  private Set<Scope> scopesOf(Map<String, ?> claims) {
    var found = EnumSet.noneOf(Scope.class);
    for (var value : values(find(claims, scopeClaim))) {
      Optional.ofNullable(scopes.get(value)).ifPresent(found::add);
      if (value.startsWith(scopePrefix)) {
        Scope.ofCode(value.substring(scopePrefix.length())).ifPresent(found::add);
      }
    }
    return found;
  }

  /**
   * The whole text as a name wins over a path: issuers use URLs as names of claims, and those have
   * slashes in them.
   */
  private static @Nullable Object find(Map<?, ?> claims, String path) {
    var whole = claims.get(path);
    int slash = path.indexOf('/');
    if (whole != null || slash < 0) {
      return whole;
    }
    return claims.get(path.substring(0, slash)) instanceof Map<?, ?> inner
        ? find(inner, path.substring(slash + 1))
        : null;
  }

  /** One that is written as it has to be: to read ACME as acme would join two tenants of others. */
  private static Optional<TenantId> tenant(Object claim) {
    var values = claim instanceof Collection<?> ? values(claim) : text(claim).stream().toList();
    return values.size() == 1 && TENANT.matcher(values.getFirst()).matches()
        ? Optional.of(new TenantId(values.getFirst()))
        : Optional.empty();
  }

  private static List<String> values(@Nullable Object claim) {
    return switch (claim) {
      case String text -> Arrays.asList(text.split(" "));
      case Collection<?> many ->
          many.stream().filter(String.class::isInstance).map(String.class::cast).toList();
      case null, default -> List.of();
    };
  }

  /** What ends up in logs and in the audit trail: a line of its own is nobody's name. */
  private static Optional<String> text(@Nullable Object claim) {
    return claim instanceof String text
            && !text.isBlank()
            && text.length() <= LONGEST
            && text.chars().noneMatch(Character::isISOControl)
        ? Optional.of(text)
        : Optional.empty();
  }
}
