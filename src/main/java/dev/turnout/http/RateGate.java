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
import java.util.UUID;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * Holds each key to the rate that the settings allow it, and tells it in the headers of the IETF's
 * draft how far it may go. Keys of operators are not held: who set the limit too low must be able
 * to raise it. Each replica counts for itself.
 */
@Singleton
class RateGate {
  /** Before anything is read: whoever asks too often shall cost as little as can be. */
  private static final int FIRST = 10;

  private final CurrentSettings settings;
  private final SecurityIdentity identity;
  private final TokenBuckets<UUID> buckets = new TokenBuckets<>(System::nanoTime);

  RateGate(CurrentSettings settings, SecurityIdentity identity) {
    this.settings = settings;
    this.identity = identity;
  }

  @ServerRequestFilter(priority = FIRST)
  public Optional<Response> hold(RoutingContext request) {
    var limit = settings.snapshot().http().rateLimit();
    if (limit.isEmpty() || !(identity.getPrincipal() instanceof Caller caller)) {
      return Optional.empty();
    }
    return caller.scopes().contains(Scope.ADMIN)
        ? Optional.empty()
        : hold(caller, limit.get(), request);
  }

  private Optional<Response> hold(Caller caller, RateLimit limit, RoutingContext request) {
    var draw = buckets.take(caller.key(), limit.perSecond(), limit.burst());
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
            "This key may ask "
                + limit.perSecond()
                + " times a second, "
                + limit.burst()
                + " at once.");
    return Optional.of(ProblemJson.response(problem, request));
  }
}
