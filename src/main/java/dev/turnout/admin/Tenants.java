package dev.turnout.admin;

/** What the name of a tenant looks like, where an operator writes one. */
final class Tenants {
  /** As a regular expression. */
  static final String FORM = "[a-z0-9][a-z0-9._-]{0,63}";

  /** In words, as the end of a sentence. */
  static final String ALLOWED =
      "must have 1 to 64 small letters, digits, dots, hyphens and underscores only";

  private Tenants() {}
}
