package dev.turnout.http;

import io.quarkus.oidc.OIDCException;
import java.io.IOException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jose4j.jwt.consumer.ErrorCodes;
import org.jose4j.jwt.consumer.InvalidJwtException;

/** Says what is wrong with a token, in our words: the verifier's quote the token itself. */
final class TokenFlaws {
  private TokenFlaws() {}

  /** What its holder is told: that of the token that is wrong, or that nobody could tell. */
  static Problem describe(Throwable failure) {
    var flaw =
        causes(failure)
            .filter(InvalidJwtException.class::isInstance)
            .map(InvalidJwtException.class::cast)
            .findFirst();
    if (flaw.isPresent()) {
      return describe(flaw.get());
    }
    return causes(failure).anyMatch(TokenFlaws::isOfTheIssuer)
        ? Problem.of(
            ProblemType.ISSUER_UNAVAILABLE,
            "The issuer's keys cannot be read. API keys open all the same.")
        : Problem.of(ProblemType.INVALID_TOKEN, "The token cannot be read.");
  }

  private static boolean isOfTheIssuer(Throwable cause) {
    return cause instanceof OIDCException
        || cause instanceof IOException
        || cause instanceof TimeoutException;
  }

  private static Problem describe(InvalidJwtException flaw) {
    if (flaw.hasErrorCode(ErrorCodes.EXPIRED)) {
      return Problem.of(
          ProblemType.TOKEN_EXPIRED, "The token has expired; the issuer gives another one.");
    }
    return Problem.of(ProblemType.INVALID_TOKEN, "The token " + why(flaw) + ".");
  }

  private static String why(InvalidJwtException flaw) {
    if (flaw.hasErrorCode(ErrorCodes.AUDIENCE_INVALID)
        || flaw.hasErrorCode(ErrorCodes.AUDIENCE_MISSING)) {
      return "is for another audience";
    }
    if (flaw.hasErrorCode(ErrorCodes.ISSUER_INVALID)
        || flaw.hasErrorCode(ErrorCodes.ISSUER_MISSING)) {
      return "is from another issuer";
    }
    if (flaw.hasErrorCode(ErrorCodes.NOT_YET_VALID)) {
      return "is not valid yet";
    }
    if (flaw.hasErrorCode(ErrorCodes.EXPIRATION_MISSING)) {
      return "has no end (exp)";
    }
    if (flaw.hasErrorCode(ErrorCodes.SUBJECT_MISSING)) {
      return "names no subject (sub)";
    }
    if (flaw.hasErrorCode(ErrorCodes.SIGNATURE_INVALID)) {
      return "was not signed by the issuer, or was changed since";
    }
    return "is not signed with a key that the issuer publishes";
  }

  /** The types of what failed, for the log: never their messages. */
  static String kind(Throwable failure) {
    return causes(failure)
        .map(cause -> cause.getClass().getSimpleName())
        .reduce((outer, inner) -> outer + ", from " + inner)
        .orElse("");
  }

  private static Stream<Throwable> causes(Throwable failure) {
    return Stream.iterate(failure, cause -> cause != null, Throwable::getCause).limit(10);
  }
}
