package dev.turnout.failure;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** From a signal to its failure: facts, redaction, rules, times. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class ClassifyBenchmark {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  /** {@code typed} is judged by structure, {@code prose} by its words, {@code unknown} by no rule. */
  @Param({"typed", "prose", "long_prose", "unknown"})
  String signal;

  private final FailureClassifier classifier = new FailureClassifier();
  private FailureSignal said;

  @Setup
  public void prepare() {
    said =
        switch (signal) {
          case "typed" ->
              new FailureSignal.HttpRejected(
                  529,
                  Optional.of("overloaded_error"),
                  Optional.empty(),
                  "Overloaded",
                  Map.of("request-id", "req_011CSHoEeqs5C35K2UUqR7Fy", "retry-after", "12"));
          case "prose" ->
              new FailureSignal.CliReported(
                  "claude",
                  Map.of("api_error_status", "400", "terminal_reason", "api_error"),
                  "API Error: 400 You're out of extra usage. Add more at claude.ai/settings/usage and"
                      + " keep going, or wait for the reset at 3pm (UTC).");
          case "long_prose" ->
              new FailureSignal.ProcessEnded(
                  1,
                  Optional.empty(),
                  String.join(
                      "\n",
                      IntStream.range(0, 28)
                          .mapToObj(i -> "    at async loop " + i + " (file:///app/dist/index.js:" + i + ":12345)")
                          .toList())
                      + "\nError: The model is overloaded, try again later: HTTP 503");
          case "unknown" ->
              new FailureSignal.ProcessEnded(1, Optional.empty(), "it did not want to today");
          default -> throw new IllegalArgumentException(signal);
        };
    if (List.of("typed", "prose").contains(signal) && classify().rule().equals("none")) {
      throw new IllegalStateException("no rule knows " + said);
    }
  }

  @Benchmark
  public Failure classify() {
    return classifier.classify(said, NOW);
  }
}
