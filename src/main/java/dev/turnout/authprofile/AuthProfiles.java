package dev.turnout.authprofile;

import dev.turnout.settings.AuthProfileSettings;
import dev.turnout.settings.AuthProfileSettings.CredentialKind;
import dev.turnout.settings.AuthProfileSettings.SecretRef;
import dev.turnout.settings.CurrentSettings;
import dev.turnout.turn.AuthProfileId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Resolves auth profiles to the credential behind their reference. */
@ApplicationScoped
public class AuthProfiles {
  /** The variables that the providers' own CLIs and SDKs read. */
  private static final Map<String, Map<CredentialKind, String>> USUAL_VARIABLES =
      Map.of(
          "anthropic",
          Map.of(
              CredentialKind.API_KEY, "ANTHROPIC_API_KEY",
              CredentialKind.SUBSCRIPTION, "CLAUDE_CODE_OAUTH_TOKEN",
              CredentialKind.TOKEN, "ANTHROPIC_AUTH_TOKEN"),
          "openai",
          Map.of(
              CredentialKind.API_KEY, "OPENAI_API_KEY",
              CredentialKind.TOKEN, "OPENAI_API_KEY"),
          "gemini",
          Map.of(CredentialKind.API_KEY, "GEMINI_API_KEY"));

  private final CurrentSettings settings;
  private final Function<String, Optional<String>> environment;

  @Inject
  AuthProfiles(CurrentSettings settings) {
    this(settings, name -> Optional.ofNullable(System.getenv(name)));
  }

  /** With another environment than the process's own. */
  public AuthProfiles(CurrentSettings settings, Function<String, Optional<String>> environment) {
    this.settings = settings;
    this.environment = environment;
  }

  /**
   * The credential of this profile, read now.
   *
   * @param ofRun the profile in the settings that a run keeps; empty for those of this moment
   */
  public CredentialLookup credential(AuthProfileId id, Optional<AuthProfileSettings> ofRun) {
    var profile = ofRun.or(() -> settings.snapshot().authProfile(id));
    if (profile.isEmpty()) {
      return new CredentialLookup.Missing("auth profile " + id + " is not configured");
    }
    var secret = profile.get().secret();
    if (secret.isEmpty()) {
      return new CredentialLookup.LoggedInElsewhere();
    }
    return read(profile.get(), secret.get());
  }

  /** Whether the secret of this profile can be read now. */
  public SecretState secretState(AuthProfileId id) {
    return switch (credential(id, Optional.empty())) {
      case CredentialLookup.Found _ -> new SecretState.Present();
      case CredentialLookup.LoggedInElsewhere() -> new SecretState.NotNeeded();
      case CredentialLookup.Missing(var why) ->
          settings.snapshot().authProfile(id).filter(AuthProfiles::isUnreadable).isPresent()
              ? new SecretState.Unreadable(why)
              : new SecretState.Missing(why);
    };
  }

  /** Its file is there and keeps its content from us. */
  private static boolean isUnreadable(AuthProfileSettings profile) {
    return profile.secret().isPresent()
        && profile.secret().get() instanceof SecretRef.InFile(var path)
        && Files.exists(path)
        && (Files.isDirectory(path) || !Files.isReadable(path));
  }

  /**
   * A digest of this profile's secret as it is now, by which a change of it can be noticed; empty
   * when there is none of ours, or when it cannot be read.
   */
  public Optional<String> fingerprint(AuthProfileId id, byte[] salt) {
    return switch (credential(id, Optional.empty())) {
      case CredentialLookup.Found(var found) -> Optional.of(SecretDigest.of(found.value(), salt));
      case CredentialLookup.LoggedInElsewhere(), CredentialLookup.Missing _ -> Optional.empty();
    };
  }

  /** The secret behind this reference, read now; empty when there is none, or a blank one. */
  public Optional<String> secret(SecretRef ref) {
    return switch (ref) {
      case SecretRef.Environment(var name) ->
          environment.apply(name).filter(value -> !value.isBlank());
      case SecretRef.InFile(var path) -> {
        try {
          yield Optional.of(Files.readString(path).strip()).filter(value -> !value.isEmpty());
        } catch (IOException e) {
          yield Optional.empty();
        }
      }
    };
  }

  private CredentialLookup read(AuthProfileSettings profile, SecretRef ref) {
    return switch (ref) {
      case SecretRef.Environment(var name) ->
          environment
              .apply(name)
              .filter(value -> !value.isBlank())
              .<CredentialLookup>map(value -> found(profile, value))
              .orElseGet(() -> missing(profile, "environment variable " + name + " is not set"));
      case SecretRef.InFile(var path) -> {
        try {
          var value = Files.readString(path).strip();
          yield value.isEmpty() ? missing(profile, path + " is empty") : found(profile, value);
        } catch (IOException e) {
          yield missing(profile, path + " cannot be read");
        }
      }
    };
  }

  private static CredentialLookup missing(AuthProfileSettings profile, String why) {
    return new CredentialLookup.Missing("secret of auth profile " + profile.id() + ": " + why);
  }

  private static CredentialLookup found(AuthProfileSettings profile, String value) {
    var variable =
        profile
            .exposeAs()
            .or(
                () ->
                    Optional.ofNullable(USUAL_VARIABLES.get(profile.provider()))
                        .map(variables -> variables.get(profile.kind())))
            .orElse("API_KEY");
    return new CredentialLookup.Found(new Credential(profile.kind(), variable, value));
  }
}
