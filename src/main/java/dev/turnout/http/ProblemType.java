package dev.turnout.http;

import java.util.Locale;

/**
 * Every problem that this service can answer with. The {@link #code()} and the {@link #uri()} are
 * part of the public API and never change their meaning. {@code docs/PROBLEMS.md} is generated from
 * this list.
 */
public enum ProblemType {
  MALFORMED_JSON(
      400,
      false,
      "The body is not JSON",
      "The detail says at which line and column it breaks off."),
  MISSING_BODY(400, false, "The body is missing", "This call needs a JSON document."),
  UNKNOWN_FIELD(
      400,
      false,
      "A field is not known",
      "The body has a field that this call does not take. Nothing is ignored silently, so that a"
          + " misspelt option is noticed."),
  UNSUPPORTED_FIELD(
      400, false, "A field is not supported yet", "The field is planned and does not work yet."),
  WRONG_TYPE(
      400,
      false,
      "A field has the wrong type",
      "A number is not a string, a string is not a number, and times are RFC 3339 texts."),
  INVALID_FIELD(
      400, false, "A field does not hold", "A value in the body is outside of what is allowed."),
  INVALID_PARAMETER(
      400,
      false,
      "A parameter does not hold",
      "A part of the path or of the query is outside of what is allowed."),
  INVALID_HEADER(400, false, "A header does not hold", "A header is outside of what is allowed."),
  MISSING_KEY(
      401,
      false,
      "An API key is needed",
      "Send `Authorization: Bearer` and an API key, or a token where the operator named an issuer. Only"
          + " the health probes answer without one."),
  INVALID_KEY(
      401, false, "The API key does not open", "It is unknown, was revoked or has expired."),
  INVALID_TOKEN(
      401,
      false,
      "The token does not open",
      "The detail says why: its signature, its issuer, its audience, its times, or claims that name no"
          + " tenant."),
  TOKEN_EXPIRED(401, false, "The token has expired", "Get another one from the issuer."),
  SCOPE_MISSING(
      403,
      false,
      "The caller may not do this",
      "The detail names the scope that a key or a token needs for this call."),
  NOT_FOUND(404, false, "There is nothing here", "No call of this API has this path."),
  TURN_NOT_FOUND(
      404, false, "There is no such turn", "Nobody made it, or it belongs to another tenant."),
  SESSION_NOT_FOUND(
      404, false, "There is no such session", "Nobody made it, or it belongs to another tenant."),
  KEY_NOT_FOUND(404, false, "There is no such API key", "Nobody made a key with this id."),
  COOLDOWN_NOT_FOUND(
      404,
      false,
      "There is no such cooldown",
      "Nobody made it, or it is over: a success or a person ended it."),
  QUESTION_NOT_FOUND(
      404,
      false,
      "There is no such question",
      "The agent of this turn never asked it. Its questions are in the events of the turn."),
  AUTH_PROFILE_NOT_FOUND(
      404, false, "There is no such auth profile", "The configuration has none of this name."),
  BACKEND_NOT_FOUND(
      404, false, "There is no such backend", "The configuration has none of this name."),
  FAULT_DRILL_NOT_FOUND(
      404, false, "There is no such fault drill", "Nobody ordered it, or it was 30 days ago."),
  REVISION_NOT_FOUND(
      404, false, "There is no such revision", "The list of revisions has all that there are."),
  LIVE_SESSION_NOT_FOUND(
      404, false, "There is no such living process", "It ended, or lives on another replica."),
  METHOD_NOT_ALLOWED(
      405, false, "The method does not work here", "The `Allow` header lists those that do."),
  NOT_ACCEPTABLE(
      406,
      false,
      "None of the accepted formats is offered",
      "Accept `application/json`, or" + " `text/event-stream` where events are offered."),
  REQUEST_TOO_SLOW(
      408,
      false,
      "The request did not arrive in time",
      "A request and its body have to be here within `turnout.http.body-timeout`. Nothing was"
          + " changed."),
  SESSION_BUSY(
      409,
      true,
      "The session is busy",
      "A turn asked to be refused (`mode: reject`) when another one runs or waits. Or the session was"
          + " to be deleted, and a turn in it has been told to end but still runs: ask again."),
  QUESTION_ANSWERED(
      409,
      false,
      "The question has its answer",
      "Somebody else was faster, or its deadline was: the turn's events say which."),
  TURN_OVER(
      409,
      false,
      "The turn has ended",
      "A turn that has ended cannot be cancelled, and its questions are answered by nobody."),
  KEY_IN_USE(
      409,
      false,
      "The API key is making this very call",
      "A key cannot revoke itself, so that one key that opens is always left."),
  KEY_ENDED(
      409,
      false,
      "The API key has ended",
      "It was revoked or has expired, and gets no new text: make another key."),
  PROBE_TAKEN(
      409,
      true,
      "Somebody else is finding out",
      "One attempt in the fleet goes first for a cooldown. Ask again when it has ended."),
  NOTHING_TO_PROBE(
      409,
      false,
      "No candidate stands behind the cooldown",
      "None that an agent is configured with is kept from being asked by it. Name one in the body."),
  PROBE_FORBIDDEN(
      409,
      false,
      "The operator lets nobody ask this candidate",
      "Its auth profile is disabled, or is not for backends of this sort. A probe keeps to what turns"
          + " keep to: change the configuration first. Nobody was asked, and nothing was counted."),
  REVISION_DOES_NOT_HOLD(
      409,
      false,
      "The revision does not hold any more",
      "It held when it was written; what files and environment say has changed since. The `errors`"
          + " name the places in its document. Nothing was changed."),
  STALE_REVISION(
      412,
      false,
      "The configuration has changed since",
      "Somebody else has written. Read it again, bring both changes together, and send the new"
          + " `ETag` as `If-Match`. Nothing was changed."),
  BODY_TOO_LARGE(413, false, "The body is too large", "Bodies end at 10 MiB."),
  UNSUPPORTED_MEDIA_TYPE(
      415,
      false,
      "The format of the body is not taken",
      "Send `Content-Type: application/json`, and no `Content-Encoding`."),
  IDEMPOTENCY_KEY_REUSED(
      422,
      false,
      "The idempotency key belongs to another request",
      "It was sent before with another body or to another session. A new request needs a new key."),
  PRECONDITION_REQUIRED(
      428,
      false,
      "The change does not say what it changes",
      "Send the `ETag` that was read as `If-Match`, so that nobody's change is lost."),
  QUEUE_FULL(
      429,
      true,
      "The session's queue is full",
      "As many turns wait in this session as may. `Retry-After` says when to ask again."),
  RATE_LIMITED(
      429,
      true,
      "The caller asks too often",
      "`RateLimit-Policy` says how often it may, `Retry-After` when to ask again."),
  TOO_MANY_WRONG_KEYS(
      429,
      true,
      "Too many wrong API keys came from this address",
      "Keys that opened here before still do. `Retry-After` says when another one may be tried."),
  TOO_MANY_STREAMS(
      429,
      true,
      "The caller has too many event streams open",
      "Close one, or read the turn with `Prefer: wait` instead."),
  INTERNAL(
      500,
      true,
      "Something is broken on our side",
      "The log has the cause under the `traceId`. Ask again with the same `Idempotency-Key`: what"
          + " was accepted is not accepted twice."),
  STORE_UNAVAILABLE(
      503,
      true,
      "The database does not answer",
      "Whether the request took effect is not known. Ask again with the same `Idempotency-Key`."),
  ISSUER_UNAVAILABLE(
      503,
      true,
      "Tokens cannot be verified",
      "The issuer's keys could not be read. Nothing was done; API keys open all the same."),
  STREAMS_FULL(
      503,
      true,
      "The replica has no room for another event stream",
      "Ask again, or read the turn with `Prefer: wait` instead."),
  STOPPING(503, true, "This replica is stopping", "Ask again: another replica takes the request.");

  private final int status;
  private final boolean retryable;
  private final String title;
  private final String meaning;

  ProblemType(int status, boolean retryable, String title, String meaning) {
    this.status = status;
    this.retryable = retryable;
    this.title = title;
    this.meaning = meaning;
  }

  /** The stable snake_case name. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The {@code type} of RFC 9457. A URN, because it names and does not locate. */
  public String uri() {
    return "urn:turnout:problem:" + code();
  }

  public int status() {
    return status;
  }

  /** Whether the same request may succeed later without a change. */
  public boolean isRetryable() {
    return retryable;
  }

  public String title() {
    return title;
  }

  /** What a caller should know about it, for the documentation. */
  String meaning() {
    return meaning;
  }
}
