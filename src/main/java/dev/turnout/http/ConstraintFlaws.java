package dev.turnout.http;

import jakarta.validation.ConstraintViolation;
import jakarta.validation.ElementKind;
import jakarta.validation.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Says which part of a request does not hold its constraints. */
final class ConstraintFlaws {
  /** The name that every endpoint gives to the parameter which is its body. */
  private static final String BODY = "body";

  private ConstraintFlaws() {}

  static Problem describe(Collection<? extends ConstraintViolation<?>> violations) {
    var flaws =
        violations.stream()
            .map(ConstraintFlaws::flaw)
            .sorted(
                Comparator.comparing((Problem.Flaw flaw) -> String.valueOf(flaw.pointer()))
                    .thenComparing(Problem.Flaw::detail))
            .toList();
    var first = flaws.getFirst();
    var problem =
        first.pointer() == null
            ? Problem.of(
                ProblemType.INVALID_PARAMETER, first.parameter() + " " + first.detail() + ".")
            : ofBody(first);
    for (var flaw : flaws) {
      problem = problem.withFlaw(flaw);
    }
    return problem;
  }

  private static Problem ofBody(Problem.Flaw flaw) {
    var pointer = String.valueOf(flaw.pointer());
    return pointer.isEmpty()
        ? Problem.of(ProblemType.MISSING_BODY, "This call needs a JSON document as its body.")
        : Problem.of(ProblemType.INVALID_FIELD, pointer + " " + flaw.detail() + ".");
  }

  private static Problem.Flaw flaw(ConstraintViolation<?> violation) {
    var steps = steps(violation.getPropertyPath());
    var why = violation.getMessage();
    if (steps.getFirst().equals(BODY)) {
      var pointer = new StringBuilder();
      steps.stream().skip(1).forEach(step -> pointer.append('/').append(escaped(step)));
      return new Problem.Flaw(pointer.toString(), null, null, why);
    }
    return new Problem.Flaw(null, steps.getFirst(), null, why);
  }

  /** As a step of a JSON pointer, RFC 6901. */
  static String escaped(String step) {
    return step.replace("~", "~0").replace("/", "~1");
  }

  /** Without the method; a map's key or a list's index is a step of its own. */
  private static List<String> steps(Path path) {
    var steps = new ArrayList<String>();
    for (var node : path) {
      if (node.getKind() == ElementKind.METHOD) {
        continue;
      }
      if (node.isInIterable()) {
        steps.add(String.valueOf(node.getKey() == null ? node.getIndex() : node.getKey()));
      }
      if (node.getName() != null && node.getKind() != ElementKind.CONTAINER_ELEMENT) {
        steps.add(node.getName());
      }
    }
    return steps;
  }
}
