package dev.turnout.authprofile;

/** What became of the question for a credential. */
public sealed interface CredentialLookup {
  record Found(Credential credential) implements CredentialLookup {}

  /** The profile has no secret of ours: the CLI is logged in by itself. */
  record LoggedInElsewhere() implements CredentialLookup {}

  /** It should be there and is not; the attempt fails closed. */
  record Missing(String why) implements CredentialLookup {}
}
