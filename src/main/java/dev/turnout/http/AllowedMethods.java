package dev.turnout.http;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.spi.Bean;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which methods work on a path. The framework's own 405 does not say, and HTTP asks for it. */
@ApplicationScoped
class AllowedMethods {
  private static final Pattern VARIABLE = Pattern.compile("\\{[^/}]+}");

  private record Call(Pattern path, String method) {}

  private final List<Call> calls;

  AllowedMethods(BeanManager beans) {
    calls =
        beans.getBeans(Object.class, Any.Literal.INSTANCE).stream()
            .map(Bean::getBeanClass)
            .filter(type -> type.isAnnotationPresent(Path.class))
            .flatMap(type -> Arrays.stream(type.getMethods()))
            .flatMap(AllowedMethods::call)
            .toList();
  }

  /** As the {@code Allow} header lists them; empty where nothing is. */
  String at(String path) {
    var methods =
        calls.stream()
            .filter(call -> call.path.matcher(path).matches())
            .map(Call::method)
            .collect(Collectors.toCollection(TreeSet::new));
    // The framework answers these by itself.
    if (methods.contains(HttpMethod.GET)) {
      methods.add(HttpMethod.HEAD);
    }
    if (!methods.isEmpty()) {
      methods.add(HttpMethod.OPTIONS);
    }
    return String.join(", ", methods);
  }

  private static Stream<Call> call(Method method) {
    return Arrays.stream(method.getAnnotations())
        .map(annotation -> annotation.annotationType().getAnnotation(HttpMethod.class))
        .filter(name -> name != null)
        .map(name -> new Call(path(method), name.value()));
  }

  private static Pattern path(Method method) {
    @Nullable Path of = method.getDeclaringClass().getAnnotation(Path.class);
    @Nullable Path own = method.getAnnotation(Path.class);
    var template = (of == null ? "" : of.value()) + (own == null ? "" : "/" + own.value());
    return Pattern.compile(VARIABLE.matcher(template).replaceAll("[^/]+") + "/?");
  }
}
