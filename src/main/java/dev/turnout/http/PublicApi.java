package dev.turnout.http;

/** Names of the published description that calls of every room refer to. */
public final class PublicApi {
  /** The answer that is a problem. */
  public static final String PROBLEM = "#/components/responses/Problem";

  /** The media type of a merge patch, RFC 7396. */
  public static final String MERGE_PATCH = "application/merge-patch+json";

  private PublicApi() {}
}
