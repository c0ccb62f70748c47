package dev.turnout.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A process to be started.
 *
 * @param argv the program and its arguments; never read by a shell
 * @param environment the whole environment: nothing is inherited
 * @param stdin what it reads, UTF-8; then its stdin is closed, unless it is to live on
 * @param owner who it belongs to; see {@link Owner}
 * @param limits how long and how much
 */
public record SubprocessSpec(
    List<String> argv,
    Map<String, String> environment,
    Path directory,
    String stdin,
    Owner owner,
    Limits limits) {

  /** Limits of one process. */
  public record Limits(
      Duration firstOutput, Duration idle, Duration total, Duration grace, long maxOutputBytes) {}

  /**
   * The mark that a process and all its descendants carry in their environment, by which they are
   * found when they have left the process group, and after a crash of ours.
   *
   * @param instance the Turnout installation: its data directory
   * @param name one process tree of it
   */
  public record Owner(String instance, String name) {
    /** The environment variable with the mark. */
    public static final String VARIABLE = "TURNOUT_OWNER";

    String mark() {
      return instance + "/" + name;
    }
  }

  public SubprocessSpec {
    argv = List.copyOf(argv);
    environment = Map.copyOf(environment);
  }

  /** The same without anything on its stdin: it is spoken to once it runs. */
  public SubprocessSpec silent() {
    return new SubprocessSpec(argv, environment, directory, "", owner, limits);
  }
}
