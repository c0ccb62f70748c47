package dev.turnout.process;

/** Takes what a process writes, on the calling thread, in order. */
public interface OutputListener {
  /** The process has been started. */
  default void started(ProcessStamp process) {}

  /**
   * A line of stdout without its line break; invalid UTF-8 is replaced. A last line without a break
   * comes too.
   *
   * @return false to end the process: the reader has what it wants, or wants no more
   */
  boolean line(String line);

  /**
   * A piece of stdout as it came, for readers that do not care for lines; called before the lines
   * in it.
   */
  default void piece(String text) {}

  /**
   * Whether the first output that {@link SubprocessSpec.Limits#firstOutput} waits for has come:
   * asked after each piece. A program that greets before it works says no to its greeting.
   */
  default boolean begun() {
    return true;
  }
}
