package dev.turnout.backend;

import java.util.Locale;

/** How a backend works, which decides the billing identity that a credential is seen with. */
public enum BackendRuntime {
  CLI,
  API;

  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }
}
