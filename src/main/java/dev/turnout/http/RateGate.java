package dev.turnout.http;

import dev.turnout.identity.Caller;
import dev.turnout.identity.Scope;
import dev.turnout.settings.CurrentSettings;
import dev.turnout.settings.HttpSettings.RateLimit;
import io.quarkus.security.identity.SecurityIdentity;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * Holds each caller to the rate that its key or the settings allow it, and tells it in the headers
 * of the IETF's draft how far it may go. Operators are not held: who set the limit too low must be
 * able to raise it. Each replica counts for itself.
 */
@Singleton
class RateGate {
  /** Before anything is read: whoever asks too often shall cost as little as can be. */
  private static final int FIRST = 10;

  private final CurrentSettings settings;
  private final SecurityIdentity identity;
  private final TokenBuckets<String> buckets = new TokenBuckets<>(System::nanoTime);

  RateGate(CurrentSettings settings, SecurityIdentity identity) {
    this.settings = settings;
    this.identity = identity;
  }

  @ServerRequestFilter(priority = FIRST)
  public Optional<Response> hold(RoutingContext request) {
    var limit = settings.snapshot().http().rateLimit();
    if (!(identity.getPrincipal() instanceof Caller caller)
        || caller.scopes().contains(Scope.ADMIN)) {
      return Optional.empty();
    }
    return caller
        .rate()
        .map(own -> new RateLimit(own.perSecond(), own.burst()))
        .or(() -> limit)
        .flatMap(rate -> hold(caller, rate, request));
  }

  private Optional<Response> hold(Caller caller, RateLimit limit, RoutingContext request) {
    var draw = buckets.take(caller.name(), limit.perSecond(), limit.burst());
    int window = Math.ceilDiv(limit.burst(), limit.perSecond());
    var headers = request.response();
    headers.putHeader("RateLimit-Policy", "\"key\";q=" + limit.burst() + ";w=" + window);
    headers.putHeader("RateLimit", "\"key\";r=" + draw.left() + ";t=" + draw.waitSeconds());
    if (draw.granted()) {
      return Optional.empty();
    }
    headers.putHeader(ProblemJson.RETRY_AFTER, String.valueOf(draw.waitSeconds()));
    var problem =
        Problem.of(
            ProblemType.RATE_LIMITED,
            "This caller may ask "
                + limit.perSecond()
                + " times a second, "
                + limit.burst()
                + " at once.");
    return Optional.of(ProblemJson.response(problem, request));
  }
}
