package dev.turnout.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * One process and no later one that was given the same pid: told apart by when it began, and on
 * which boot of the machine.
 *
 * @param pid its number
 * @param start when it began, in the system's own measure; meaningful in comparison alone
 * @param boot which boot of the machine; empty where the system does not name it
 */
public record ProcessStamp(long pid, String start, String boot) {
  private static final String BOOT = thisBoot();

  /** The process that has this pid now; empty when there is none. */
  public static Optional<ProcessStamp> of(long pid) {
    return ProcessTable.of(pid).map(ProcessStamp::of);
  }

  static ProcessStamp of(ProcessTable.Entry entry) {
    return new ProcessStamp(entry.pid(), entry.start(), BOOT);
  }

  /** Whether this very process still does something; one that waits to be reaped does not. */
  public boolean lives() {
    return boot.equals(BOOT)
        && ProcessTable.of(pid)
            .filter(entry -> entry.start().equals(start) && !entry.zombie())
            .isPresent();
  }

  /**
   * Whether it is known to be gone for good. Of one that we cannot look at, for want of a file
   * descriptor perhaps, nothing is known; one that waits to be reaped will be soon.
   */
  public boolean hasEnded() {
    return of(pid)
        .map(now -> !now.equals(this))
        .orElseGet(() -> Files.notExists(Path.of("/proc", Long.toString(pid))));
  }

  private static String thisBoot() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
    } catch (IOException e) {
      return "";
    }
  }
}
