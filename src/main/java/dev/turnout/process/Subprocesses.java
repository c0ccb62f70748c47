package dev.turnout.process;

import dev.turnout.process.SubprocessSpec.Owner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Runs processes to their end, or starts those that live on. */
public final class Subprocesses {
  /** Where setsid(1) is found; it makes the process the leader of a group of its own. */
  private static final Optional<String> SETSID =
      Stream.of("/usr/bin/setsid", "/bin/setsid")
          .filter(path -> Files.isExecutable(Path.of(path)))
          .findFirst();

  private final StderrWatch stderr = new StderrWatch();

  /**
   * Runs a process to its end. Nothing of it is left when this returns, or throws what the listener
   * has thrown.
   *
   * @param listener gets its stdout, on the calling thread
   */
  public RunOutcome run(SubprocessSpec spec, OutputListener listener) {
    Process process;
    try {
      process = start(spec);
    } catch (IOException e) {
      return new RunOutcome.NotStarted(reason(spec, e));
    }
    var tree = new ProcessTree(process, SETSID.isPresent(), spec.owner());
    return new SubprocessRun(process, tree, spec, listener).await();
  }

  /** How a start went. */
  public sealed interface StartResult {
    /** It runs; whoever has it must end it. */
    record Started(LivingProcess process) implements StartResult {}

    /** It could not be started. */
    record NotStarted(String message) implements StartResult {}
  }

  /**
   * Starts a process that stays. Its stdin stays open after {@link SubprocessSpec#stdin()}; of the
   * limits only that on output counts, for a single line: time is up to the caller.
   */
  public StartResult startLiving(SubprocessSpec spec) {
    Process process;
    try {
      process = start(spec);
    } catch (IOException e) {
      return new StartResult.NotStarted(reason(spec, e));
    }
    var tree = new ProcessTree(process, SETSID.isPresent(), spec.owner());
    boolean runs = false;
    try {
      var living = new LivingProcess(process, tree, spec, stderr);
      runs = true;
      return new StartResult.Started(living);
    } catch (OutOfMemoryError e) {
      return new StartResult.NotStarted(outOf(e));
    } finally {
      if (!runs) {
        tree.sweep();
        Pipes.close(process);
      }
    }
  }

  private static Process start(SubprocessSpec spec) throws IOException {
    var program = Path.of(spec.argv().getFirst());
    // setsid would start, and only then find nothing to become: look first, for a truthful error.
    if (program.getNameCount() > 1 || program.isAbsolute()) {
      requireProgram(program);
    } else {
      program = onPath(spec);
    }
    var argv = new ArrayList<String>();
    SETSID.ifPresent(argv::add);
    argv.add(program.toString());
    argv.addAll(spec.argv().subList(1, spec.argv().size()));
    var builder = new ProcessBuilder(argv).directory(spec.directory().toFile());
    builder.environment().clear();
    builder.environment().putAll(spec.environment());
    builder.environment().put(Owner.VARIABLE, spec.owner().mark());
    try {
      return builder.start();
    } catch (OutOfMemoryError e) {
      // The process may run already, and Java has no thread to wait for its end.
      var _ = Leftovers.endMarked(spec.owner().mark() + "\0");
      throw new IOException(outOf(e), e);
    }
  }

  /** Java's word for a system that gives us no more threads, too. */
  static String outOf(OutOfMemoryError e) {
    return "out of memory or of threads: " + e.getMessage();
  }

  private static void requireProgram(Path program) throws IOException {
    if (!Files.exists(program)) {
      throw new IOException("no such file");
    }
    if (Files.isDirectory(program) || !Files.isExecutable(program)) {
      throw new IOException("not an executable file");
    }
  }

  /** By the PATH that the process itself gets, not ours. */
  private static Path onPath(SubprocessSpec spec) throws IOException {
    var name = spec.argv().getFirst();
    for (var directory : List.of(spec.environment().getOrDefault("PATH", "").split(":", -1))) {
      var candidate = Path.of(directory, name);
      if (!directory.isEmpty() && Files.isExecutable(candidate) && !Files.isDirectory(candidate)) {
        return candidate;
      }
    }
    throw new IOException("not found on the PATH");
  }

  /** The kernel's word, without the whole command line that Java puts before it. */
  private static String reason(SubprocessSpec spec, IOException e) {
    var message = String.valueOf(e.getMessage());
    if (!Files.isDirectory(spec.directory())) {
      return "its working directory " + spec.directory() + " is not there";
    }
    int error = message.lastIndexOf("error=");
    return error >= 0 ? message.substring(error) : message;
  }
}
