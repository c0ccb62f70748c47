package dev.turnout.authprofile;

import dev.turnout.settings.AuthProfileSettings.CredentialKind;

/**
 * A secret, read for one attempt and not kept.
 *
 * @param variable the environment variable in which a CLI expects it
 */
public record Credential(CredentialKind kind, String variable, String value) {
  /** Never the value: records end up in logs. */
  @Override
  public String toString() {
    return "Credential[" + kind.code() + " for " + variable + "]";
  }
}
