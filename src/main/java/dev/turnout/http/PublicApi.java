package dev.turnout.http;

/** Names of the published description that calls of every room refer to. */
public final class PublicApi {
  /** The answer that is a problem. */
  public static final String PROBLEM = "#/components/responses/Problem";

  private PublicApi() {}
}
