package dev.turnout.process;

import dev.turnout.process.SubprocessSpec.Limits;
import dev.turnout.process.SubprocessSpec.Owner;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A program that runs a flooding process and prints what became of it. */
final class FloodInSmallHeap {
  static final long LIMIT = 4 << 20;

  private FloodInSmallHeap() {}

  public static void main(String... args) {
    var limits =
        new Limits(
            Duration.ofSeconds(20),
            Duration.ofSeconds(20),
            Duration.ofSeconds(30),
            Duration.ofMillis(200),
            LIMIT);
    var spec =
        new SubprocessSpec(
            List.of("/bin/sh", "-c", "head -c 100000000 /dev/zero | tr '\\0' 'x'"),
            Map.of("PATH", "/usr/bin:/bin"),
            Path.of("/"),
            "",
            new Owner(args[0], "run"),
            limits);
    System.out.println(new Subprocesses().run(spec, line -> true));
  }
}
