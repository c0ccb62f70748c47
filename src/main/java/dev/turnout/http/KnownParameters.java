package dev.turnout.http;

import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;

/**
 * Refuses what a call does not take in its query: a filter that is misspelt or doubled would show
 * another list than its author takes it for. What a call takes is what its method declares, so that
 * the published description and this can never differ.
 */
class KnownParameters {
  private final Map<Method, SortedSet<String>> known = new ConcurrentHashMap<>();

  @ServerRequestFilter
  public Optional<Response> refuseUnknown(
      UriInfo uri, ResourceInfo resource, RoutingContext request) {
    // Asked of the raw text first: most calls have no query, and parsing none is not for free.
    @Nullable String query = request.request().query();
    if (query == null || query.isEmpty()) {
      return Optional.empty();
    }
    var names = known.computeIfAbsent(resource.getResourceMethod(), KnownParameters::of);
    return uri.getQueryParameters().entrySet().stream()
        .flatMap(entry -> flaw(entry.getKey(), entry.getValue(), names).stream())
        .findFirst()
        .map(problem -> ProblemJson.response(problem, request));
  }

  private static Optional<Problem> flaw(String name, List<String> values, SortedSet<String> known) {
    if (!known.contains(name)) {
      return Optional.of(
          Problem.ofParameter(
              name,
              known.isEmpty()
                  ? "is not a parameter of this call; it takes none"
                  : "is not a parameter of this call; it takes " + known));
    }
    if (values.size() > 1) {
      return Optional.of(Problem.ofParameter(name, "must be there once only"));
    }
    // The framework drops it, and the call would answer as if it had never been said.
    return values.getFirst().isEmpty()
        ? Optional.of(Problem.ofParameter(name, "must not be empty: leave it out"))
        : Optional.empty();
  }

  private static SortedSet<String> of(Method method) {
    var names = new TreeSet<String>();
    Arrays.stream(method.getParameters()).flatMap(KnownParameters::declared).forEach(names::add);
    for (var parameter : method.getAnnotationsByType(Parameter.class)) {
      if (parameter.in() == ParameterIn.QUERY) {
        names.add(parameter.name());
      }
    }
    return names;
  }

  private static Stream<String> declared(java.lang.reflect.Parameter parameter) {
    return parameter.isAnnotationPresent(BeanParam.class)
        ? Arrays.stream(parameter.getType().getDeclaredFields()).flatMap(KnownParameters::named)
        : named(parameter);
  }

  private static Stream<String> named(AnnotatedElement element) {
    return Stream.ofNullable(element.getAnnotation(QueryParam.class)).map(QueryParam::value);
  }
}
