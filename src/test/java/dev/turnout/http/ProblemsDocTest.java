package dev.turnout.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Every problem that a client can meet is explained where its type leads. */
class ProblemsDocTest {
  private static final Path PAGE = Path.of("docs/PROBLEMS.md");

  private static final String HEAD =
      """
      # Problems

      <!-- Generated from dev.turnout.http.ProblemType: ProblemsDocTest with -Dupdate-docs writes it. -->

      Every error is an `application/problem+json` document (RFC 9457):

      ```json
      {
        "type": "urn:turnout:problem:invalid_field",
        "title": "A field does not hold",
        "status": 400,
        "detail": "/input/text must not be blank.",
        "instance": "/v1/sessions/main/turns",
        "code": "invalid_field",
        "retryable": false,
        "errors": [{"pointer": "/input/text", "detail": "must not be blank"}],
        "traceId": "0ee0baa358dc05f84b57f23906f50dc8"
      }
      ```

      Decide by `code`, which never changes its meaning; it is the last part of `type`, and the heading of its section
      on this page. New codes may come: treat one that you do not know by its `status`. `retryable` says whether the same
      request may succeed later without a change; where a `Retry-After` header stands beside it, wait that long. `errors`
      names each place in the request that does not hold: a JSON `pointer` into the body, a `parameter` of the path or the
      query, or a `header`. `traceId` is yours when you sent a W3C `traceparent`, and names the request in the log.

      A turn that was accepted and then failed is no problem in this sense: it is answered with status 200, and its
      `failure` says why.
      """;

  @Test
  void thePageIsGeneratedFromTheRegistry() throws IOException {
    if (System.getProperty("update-docs") != null) {
      Files.createDirectories(PAGE.getParent());
      Files.writeString(PAGE, page());
    }

    assertEquals(
        page(),
        Files.exists(PAGE) ? Files.readString(PAGE) : "",
        PAGE + " is stale: run this test with -Dupdate-docs");
  }

  @Test
  void theTypeOfAProblemLeadsToItsSection() {
    var headings =
        page()
            .lines()
            .filter(line -> line.startsWith("## "))
            .map(line -> line.substring(3))
            .toList();

    var leads =
        Arrays.stream(ProblemType.values())
            .map(type -> type.uri().substring(type.uri().lastIndexOf(':') + 1))
            .toList();
    assertEquals(leads, headings);
  }

  @Test
  void onlyWhatMayPassByItselfIsRetryable() {
    for (var type : ProblemType.values()) {
      if (type.isRetryable()) {
        assertTrue(List.of(409, 429, 500, 503).contains(type.status()), type.code());
      }
    }
  }

  private static String page() {
    return HEAD
        + "\n| code | status | retryable | title |\n|---|---|---|---|\n"
        + Arrays.stream(ProblemType.values())
            .map(
                type ->
                    "| [`%s`](#%s) | %d | %s | %s |\n"
                        .formatted(
                            type.code(),
                            type.code(),
                            type.status(),
                            type.isRetryable() ? "yes" : "no",
                            type.title()))
            .collect(Collectors.joining())
        + Arrays.stream(ProblemType.values())
            .map(ProblemsDocTest::section)
            .collect(Collectors.joining());
  }

  private static String section(ProblemType type) {
    return "\n## %s\n\n`%s`, status %d%s. **%s.** %s\n"
        .formatted(
            type.code(),
            type.uri(),
            type.status(),
            type.isRetryable() ? ", retryable" : "",
            type.title(),
            type.meaning());
  }
}
