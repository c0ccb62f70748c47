package dev.turnout.backend.cli;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.turnout.backend.AttemptResult;
import dev.turnout.backend.BackendEvent;
import dev.turnout.failure.FailureSignal;
import dev.turnout.process.ExitStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a reader makes of lines that a real CLI once wrote against a fake API. Shortened by fields
 * that nobody reads; the words are the CLI's.
 */
record Recording(List<BackendEvent> events, AttemptResult result) {

  static Recording played(OutputReader reader, String name, int exitCode, String stderr) {
    var events = new ArrayList<BackendEvent>();
    for (var line : lines(name)) {
      if (!reader.line(line, events::add)) {
        return new Recording(events, reader.end(new ExitStatus.Exited(0), ""));
      }
    }
    return new Recording(events, reader.end(ExitStatus.of(exitCode), stderr));
  }

  private static List<String> lines(String name) {
    var resource = "/cli/" + name + ".jsonl";
    try (var in = Recording.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalArgumentException("no recording " + resource);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All that was streamed. */
  String streamed() {
    return events.stream()
        .map(event -> event instanceof BackendEvent.Output(var text) ? text : "")
        .collect(Collectors.joining());
  }

  <T extends BackendEvent> List<T> events(Class<T> kind) {
    return events.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  AttemptResult.Answered answered() {
    return assertInstanceOf(AttemptResult.Answered.class, result);
  }

  <T extends FailureSignal> T failed(Class<T> kind) {
    return assertInstanceOf(
        kind, assertInstanceOf(AttemptResult.Failed.class, result).signal(), result::toString);
  }
}
