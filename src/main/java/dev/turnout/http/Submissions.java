package dev.turnout.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.turnout.intake.IntakeResult;
import dev.turnout.intake.Submission;
import dev.turnout.turn.AgentId;
import dev.turnout.turn.AuthProfileId;
import dev.turnout.turn.BackendId;
import dev.turnout.turn.LaneId;
import dev.turnout.turn.Recovery;
import dev.turnout.turn.RouteChoice;
import dev.turnout.turn.SessionKey;
import dev.turnout.turn.TenantId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Translates between a request for a turn and what the intake takes and answers. */
final class Submissions {
  static final String IDEMPOTENCY_KEY = "Idempotency-Key";

  /** Printable ASCII, as a header can carry it unharmed. */
  private static final Pattern KEY_FORM = Pattern.compile("[\\x21-\\x7E]{1,255}");

  private Submissions() {}

  static Submission read(
      TenantId tenant, SessionKey session, SubmitTurn body, List<String> idempotencyKeys) {
    return new Submission(
        tenant,
        session,
        body.input().text(),
        Optional.ofNullable(body.agent()).map(AgentId::new),
        Optional.ofNullable(body.mode()).map(SubmitTurn.Mode::mode),
        Optional.ofNullable(body.lane()).map(LaneId::new),
        Optional.ofNullable(body.priority()).orElse(0),
        Optional.ofNullable(body.recovery())
            .map(SubmitTurn.OnCrash::recovery)
            .orElse(Recovery.IF_NO_EFFECT),
        choice(body),
        Optional.ofNullable(body.notBefore()),
        Optional.ofNullable(body.expiresAt()),
        Optional.ofNullable(body.metadata()).map(Submissions::json).orElse("{}"),
        idempotencyKey(idempotencyKeys)
            .map(key -> new Submission.Idempotency(key, fingerprint(session, body))));
  }

  private static RouteChoice choice(SubmitTurn body) {
    return new RouteChoice(
        Optional.ofNullable(body.model()),
        Optional.ofNullable(body.backend()).map(BackendId::new),
        Optional.ofNullable(body.authProfile()).map(AuthProfileId::new),
        Optional.ofNullable(body.chain()).orElse(List.of()).stream()
            .map(CandidateBody::candidate)
            .toList(),
        Optional.ofNullable(body.language()));
  }

  private static Optional<String> idempotencyKey(List<String> headers) {
    if (headers.isEmpty()) {
      return Optional.empty();
    }
    if (headers.size() > 1) {
      throw badKey("must be there once only");
    }
    var key = headers.getFirst();
    if (!KEY_FORM.matcher(key).matches()) {
      throw badKey("must have 1 to 255 printable ASCII characters without spaces");
    }
    return Optional.of(key);
  }

  private static ProblemException badKey(String why) {
    return new ProblemException(Problem.ofHeader(ProblemType.INVALID_HEADER, IDEMPOTENCY_KEY, why));
  }

  /**
   * Of what the body says, not of its bytes: a client may write the same thing in another order.
   */
  private static String fingerprint(SessionKey session, SubmitTurn body) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      digest.update(session.value().getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0);
      digest.update(json(body).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static String json(Object value) {
    try {
      return StrictJson.MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a value that came as JSON is not JSON", e);
    }
  }

  /** The problem of a submission that was not accepted; empty when it was. */
  static Optional<Problem> refusal(IntakeResult result, SessionKey session) {
    return switch (result) {
      case IntakeResult.Accepted _, IntakeResult.Replayed _ -> Optional.empty();
      case IntakeResult.KeyReused(var by) ->
          Optional.of(
              Problem.ofHeader(
                  ProblemType.IDEMPOTENCY_KEY_REUSED,
                  IDEMPOTENCY_KEY,
                  "was sent before with another request, which became turn " + by));
      case IntakeResult.Busy() ->
          Optional.of(
              Problem.of(ProblemType.SESSION_BUSY, "Session " + session + " has a turn already."));
      case IntakeResult.Deleted() ->
          Optional.of(
              Problem.of(
                  ProblemType.SESSION_NOT_FOUND,
                  "Session "
                      + session
                      + " was deleted while it took this turn, and the turn with"
                      + " it."));
      case IntakeResult.Full(var cap) ->
          Optional.of(
              Problem.of(
                  ProblemType.QUEUE_FULL,
                  "Session " + session + " has " + cap + " turns waiting, and no more may."));
      case IntakeResult.Invalid(var field, var why) ->
          Optional.of(Problem.ofField(ProblemType.INVALID_FIELD, field, why));
    };
  }
}
