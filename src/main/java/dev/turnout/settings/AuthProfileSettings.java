package dev.turnout.settings;

import dev.turnout.turn.AuthProfileId;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * A named credential, by reference: the value itself is never part of the settings.
 *
 * @param exposeAs the environment variable in which a CLI expects it; the provider's usual one when
 *     absent
 * @param weight its share of the sessions where several are rotated by weight; 0 takes a session
 *     only when the others may not be asked
 * @param runtimes who may use it; never empty
 * @param enabled whether anybody uses it at all
 */
public record AuthProfileSettings(
    AuthProfileId id,
    String provider,
    CredentialKind kind,
    Optional<SecretRef> secret,
    Optional<String> exposeAs,
    int weight,
    Set<UsableBy> runtimes,
    boolean enabled) {
  public AuthProfileSettings {
    runtimes = Set.copyOf(runtimes);
  }

  /** With the usual weight, for every runtime, and in use. */
  public AuthProfileSettings(
      AuthProfileId id,
      String provider,
      CredentialKind kind,
      Optional<SecretRef> secret,
      Optional<String> exposeAs) {
    this(id, provider, kind, secret, exposeAs, 1, Set.of(UsableBy.values()), true);
  }

  /** Whether this backend may be called with it. */
  public boolean isUsableBy(BackendSettings backend) {
    return runtimes.contains(UsableBy.of(backend));
  }

  /** What sort of credential, which decides who pays and who can mend it. */
  public enum CredentialKind {
    API_KEY,
    SUBSCRIPTION,
    TOKEN;

    public String code() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What sort of backend may use a credential: who pays may depend on it. */
  public enum UsableBy {
    CLI,
    API;

    /** Which sort this backend is. */
    public static UsableBy of(BackendSettings backend) {
      return switch (backend) {
        case BackendSettings.Cli _ -> CLI;
        case BackendSettings.Api _ -> API;
      };
    }

    public String code() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Where a secret is kept. */
  public sealed interface SecretRef {
    /** An environment variable of Turnout's own process. */
    record Environment(String name) implements SecretRef {}

    /** A file whose whole content, without a last line break, is the secret. */
    record InFile(Path path) implements SecretRef {}
  }
}
