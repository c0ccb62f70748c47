package dev.turnout.http;

import dev.turnout.turn.StoreUnavailable;
import io.quarkus.hibernate.validator.runtime.jaxrs.ResteasyReactiveViolationException;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.NotAcceptableException;
import jakarta.ws.rs.NotAllowedException;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.NotSupportedException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jspecify.annotations.Nullable;

/** The one place where what endpoints throw becomes an answer. */
class ProblemMappers {
  private static final Logger LOG = System.getLogger(ProblemMappers.class.getName());

  private final AllowedMethods methods;

  ProblemMappers(AllowedMethods methods) {
    this.methods = methods;
  }

  @ServerExceptionMapper
  public Response problem(ProblemException e, RoutingContext request) {
    return ProblemJson.response(e.problem(), request);
  }

  @ServerExceptionMapper
  public Response violation(ResteasyReactiveViolationException e, RoutingContext request) {
    return ProblemJson.response(ConstraintFlaws.describe(e.getConstraintViolations()), request);
  }

  @ServerExceptionMapper
  public Response forbidden(ForbiddenException e, RoutingContext request, ResourceInfo resource) {
    var scopes = scopes(resource);
    var problem =
        Problem.of(
            ProblemType.SCOPE_MISSING,
            "This needs a caller with the scope " + String.join(" or ", scopes) + ".");
    return Response.fromResponse(ProblemJson.response(problem, request))
        .header(
            HttpHeaders.WWW_AUTHENTICATE, ProblemJson.insufficientScope(String.join(" ", scopes)))
        .build();
  }

  @ServerExceptionMapper({UnauthorizedException.class, AuthenticationFailedException.class})
  public Response unauthorized(SecurityException e, RoutingContext request) {
    var problem = Problem.of(ProblemType.MISSING_KEY, "Send Authorization: Bearer and an API key.");
    return Response.fromResponse(ProblemJson.response(problem, request))
        .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer")
        .build();
  }

  @ServerExceptionMapper
  public Response unavailable(StoreUnavailable e, RoutingContext request) {
    LOG.log(Level.WARNING, "{0}, trace {1}", e.getMessage(), TraceId.of(request));
    return ProblemJson.response(
        Problem.of(ProblemType.STORE_UNAVAILABLE, "The database does not answer."), request);
  }

  @ServerExceptionMapper
  public Response stopping(RejectedExecutionException e, RoutingContext request) {
    return ProblemJson.response(
        Problem.of(ProblemType.STOPPING, "This replica takes no new work."), request);
  }

  /** What the framework refuses by itself. */
  @ServerExceptionMapper
  public Response refused(WebApplicationException e, RoutingContext request) {
    return switch (e) {
      case NotFoundException _ ->
          ProblemJson.response(
              Problem.of(ProblemType.NOT_FOUND, "Nothing is at " + request.request().path() + "."),
              request);
      case NotAllowedException _ -> notAllowed(request);
      case NotAcceptableException _ ->
          ProblemJson.response(
              Problem.ofHeader(
                  ProblemType.NOT_ACCEPTABLE, "Accept", "names no format of this call"),
              request);
      case NotSupportedException _ ->
          ProblemJson.response(
              Problem.ofHeader(
                  ProblemType.UNSUPPORTED_MEDIA_TYPE, "Content-Type", "must be application/json"),
              request);
      default -> other(e, request);
    };
  }

  private Response notAllowed(RoutingContext request) {
    var problem =
        Problem.of(
            ProblemType.METHOD_NOT_ALLOWED,
            request.request().method() + " does not work on " + request.request().path() + ".");
    return Response.fromResponse(ProblemJson.response(problem, request))
        .header(HttpHeaders.ALLOW, methods.at(request.normalizedPath()))
        .build();
  }

  private static Response other(WebApplicationException e, RoutingContext request) {
    int status = e.getResponse().getStatus();
    if (status >= 400 && status < 500) {
      return ProblemJson.response(
          Problem.of(ProblemType.INVALID_PARAMETER, "The request cannot be read."), request);
    }
    return unexpected(e, request);
  }

  @ServerExceptionMapper
  public Response broken(Throwable e, RoutingContext request) {
    return unexpected(e, request);
  }

  private static Response unexpected(Throwable e, RoutingContext request) {
    LOG.log(Level.ERROR, "a request failed, trace " + TraceId.of(request), e);
    return ProblemJson.response(
        Problem.of(ProblemType.INTERNAL, "The request failed in a way nobody expected."), request);
  }

  private static List<String> scopes(ResourceInfo resource) {
    var method = resource.getResourceMethod();
    @Nullable RolesAllowed roles = method == null ? null : method.getAnnotation(RolesAllowed.class);
    if (roles == null && resource.getResourceClass() != null) {
      roles = resource.getResourceClass().getAnnotation(RolesAllowed.class);
    }
    return roles == null ? List.of("admin") : List.of(roles.value());
  }
}
