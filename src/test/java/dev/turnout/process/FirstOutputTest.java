package dev.turnout.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.turnout.process.SubprocessSpec.Limits;
import dev.turnout.process.SubprocessSpec.Owner;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What counts as first output is for the listener to say. */
@Timeout(30)
class FirstOutputTest {
  @TempDir private Path directory;

  @Test
  void greetingIsNotTheFirstOutput() {
    var late =
        assertInstanceOf(
            RunOutcome.TimedOut.class, run("echo hello; sleep 60", Duration.ofMillis(300)));

    assertEquals(RunOutcome.TimedOut.Limit.FIRST_OUTPUT, late.limit());
  }

  @Test
  void silenceAfterTheFirstOutputIsMeasuredByTheIdleLimit() {
    assertInstanceOf(
        RunOutcome.Ended.class,
        run("echo hello; echo answer; sleep 4; echo more", Duration.ofSeconds(3)));
  }

  private RunOutcome run(String script, Duration firstOutput) {
    var limits =
        new Limits(
            firstOutput,
            Duration.ofSeconds(20),
            Duration.ofSeconds(25),
            Duration.ofMillis(200),
            1 << 16);
    var spec =
        new SubprocessSpec(
            List.of("/bin/sh", "-c", script),
            Map.of("PATH", "/usr/bin:/bin"),
            directory,
            "",
            new Owner(directory.toString(), "test"),
            limits);
    return new Subprocesses().run(spec, new Greeted());
  }

  /** Waits for a line that is no greeting. */
  private static final class Greeted implements OutputListener {
    private boolean begun;

    @Override
    public boolean line(String line) {
      begun |= !line.equals("hello");
      return true;
    }

    @Override
    public boolean begun() {
      return begun;
    }
  }
}
