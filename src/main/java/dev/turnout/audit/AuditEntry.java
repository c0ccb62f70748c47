package dev.turnout.audit;

import dev.turnout.turn.TenantId;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * Something that a person did, to be recorded.
 *
 * @param action what, as {@code thing.verb}: {@code cooldown.clear}, {@code key.revoke}
 * @param target to what: the id or the name of one thing
 * @param why in the words of whoever did it
 * @param before what it was, as anything that Jackson can write: small, for it is cut at {@link
 *     #STATE_LIMIT}; credentials are taken out
 * @param after what it became
 * @param requestId the trace id of the request, as in its answer and in the log
 * @param remote the address that it came from
 */
public record AuditEntry(
    Who who,
    String action,
    String target,
    Optional<String> why,
    Optional<Object> before,
    Optional<Object> after,
    Result result,
    Optional<String> requestId,
    Optional<String> remote) {

  /** Longest {@code before} or {@code after} that is kept whole, in bytes of JSON. */
  public static final int STATE_LIMIT = 8192;

  /** Longest {@code why}, in characters. */
  public static final int WHY_LIMIT = 1000;

  /**
   * Who did it.
   *
   * @param key the API key; absent where no request was behind it
   * @param name the name that an operator gave to the key
   */
  public record Who(Optional<UUID> key, String name, TenantId tenant) {}

  /** What became of it. */
  public enum Result {
    DONE,
    /** We did not do it, for a rule of ours. */
    REFUSED,
    /** It was tried and did not come about. */
    FAILED;

    /** The stable snake_case name used in the API and in SQL. */
    public String code() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Result ofCode(String code) {
      return valueOf(code.toUpperCase(Locale.ROOT));
    }
  }

  /** Something that was done, without more to say. */
  public static AuditEntry of(Who who, String action, String target) {
    return new AuditEntry(
        who,
        action,
        target,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Result.DONE,
        Optional.empty(),
        Optional.empty());
  }

  /** The same with the reason for it. */
  public AuditEntry because(String reason) {
    return because(Optional.of(reason));
  }

  /** The same with the reason for it, where one was given. */
  public AuditEntry because(Optional<String> reason) {
    return new AuditEntry(who, action, target, reason, before, after, result, requestId, remote);
  }

  /** The same with what it was. */
  public AuditEntry from(Object state) {
    return new AuditEntry(
        who, action, target, why, Optional.of(state), after, result, requestId, remote);
  }

  /** The same with what it became. */
  public AuditEntry to(Object state) {
    return new AuditEntry(
        who, action, target, why, before, Optional.of(state), result, requestId, remote);
  }

  /** The same about this thing, where its id is known only now. */
  public AuditEntry about(String thing) {
    return new AuditEntry(who, action, thing, why, before, after, result, requestId, remote);
  }

  /** The same with what became of it. */
  public AuditEntry ended(Result end) {
    return new AuditEntry(who, action, target, why, before, after, end, requestId, remote);
  }

  /** The same with the request that it came with. */
  public AuditEntry by(String request, Optional<String> address) {
    return new AuditEntry(
        who, action, target, why, before, after, result, Optional.of(request), address);
  }
}
