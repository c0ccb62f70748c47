package dev.turnout.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What a process uses now; its children are not counted.
 *
 * @param residentBytes its memory that is in RAM, shared pages included
 * @param cpu the time that it has computed
 * @param openFiles its open files, sockets and pipes
 */
public record ProcessUsage(long residentBytes, Duration cpu, int openFiles) {
  /** Empty when the process is gone, or where there is no {@code /proc}. */
  public static Optional<ProcessUsage> of(long pid) {
    var proc = Path.of("/proc", Long.toString(pid));
    try (var files = Files.list(proc.resolve("fd"))) {
      var cpu = ProcessHandle.of(pid).flatMap(process -> process.info().totalCpuDuration());
      return Optional.of(
          new ProcessUsage(
              resident(Files.readString(proc.resolve("status"))),
              cpu.orElse(Duration.ZERO),
              (int) files.count()));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** In kibibytes there; a zombie has no such line. */
  private static long resident(String status) {
    return status
        .lines()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
        .findFirst()
        .orElse(0);
  }
}
