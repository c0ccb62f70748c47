package dev.turnout.turn;

/** Whose sessions: tenants never see each other. One installation starts with one. */
public record TenantId(String value) {
  public static final TenantId DEFAULT = new TenantId("default");

  @Override
  public String toString() {
    return value;
  }
}
