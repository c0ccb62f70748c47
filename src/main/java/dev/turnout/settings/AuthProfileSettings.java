package dev.turnout.settings;

import dev.turnout.turn.AuthProfileId;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * A named credential, by reference: the value itself is never part of the settings.
 *
 * @param exposeAs the environment variable in which a CLI expects it; the provider's usual one when
 *     absent
 */
public record AuthProfileSettings(
    AuthProfileId id,
    String provider,
    CredentialKind kind,
    Optional<SecretRef> secret,
    Optional<String> exposeAs) {

  /** What sort of credential, which decides who pays and who can mend it. */
  public enum CredentialKind {
    API_KEY,
    SUBSCRIPTION,
    TOKEN;

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
