package dev.turnout.http;

import io.quarkus.security.AuthenticationFailedException;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/**
 * What somebody who could not sign in is told, kept with the request: the framework hands the
 * failure on in ways that lose its details.
 */
final class SignInRefused {
  private static final String KEY = SignInRefused.class.getName();

  private SignInRefused() {}

  /** Keeps what is to be answered; the exception only stops the request. */
  static AuthenticationFailedException because(RoutingContext request, Problem problem) {
    request.put(KEY, problem);
    return new AuthenticationFailedException("the token does not open");
  }

  /** Answers such a request; empty when it was not refused here. */
  static Optional<Problem> of(RoutingContext request) {
    return Optional.ofNullable(request.get(KEY));
  }

  /** The header of RFC 6750 that goes with a 401; the detail has no quotes. */
  static void challenge(RoutingContext request, Problem problem) {
    if (problem.status() == 401) {
      request
          .response()
          .putHeader(
              ProblemJson.CHALLENGE,
              "Bearer error=\"invalid_token\", error_description=\"" + problem.detail() + "\"");
    }
  }
}
