package dev.turnout.authprofile;

import java.util.Optional;

/** Whether the secret of an auth profile can be read; never the secret. */
public sealed interface SecretState {
  /** It is there. */
  record Present() implements SecretState {}

  /** Nothing is there, or nothing is in it. */
  record Missing(String what) implements SecretState {}

  /** Something is there that we cannot read. */
  record Unreadable(String what) implements SecretState {}

  /** The profile has no secret of ours: the CLI is logged in by itself. */
  record NotNeeded() implements SecretState {}

  /** The stable snake_case name used in the API. */
  default String code() {
    return switch (this) {
      case Present() -> "present";
      case Missing _ -> "missing";
      case Unreadable _ -> "unreadable";
      case NotNeeded() -> "not_needed";
    };
  }

  /** What is wrong, where something is. */
  default Optional<String> why() {
    return switch (this) {
      case Present(), NotNeeded() -> Optional.empty();
      case Missing(var what) -> Optional.of(what);
      case Unreadable(var what) -> Optional.of(what);
    };
  }
}
