package dev.turnout.livesession;

import java.util.Locale;

/** What kind of thing belongs to an owner. */
public enum ResourceKind {
  /** TMPDIR of a process, with whatever it put there: scratch files, sockets. */
  TEMP_DIRECTORY(true),
  /** A file that tells a CLI which MCP servers to use; may hold tokens. */
  MCP_CONFIG(true),
  /** A system prompt as a file. */
  PROMPT_FILE(true),
  /** A socket in the file system. */
  SOCKET(true),
  /**
   * All directories of a process that waits for a session. They become the session's with it, and
   * stay from then on.
   */
  SESSION_DIRECTORY(true),
  /** HOME of a process. Belongs to the session and stays; listed to be seen. */
  HOME(true),
  /** A token that somebody accepts. */
  TOKEN(false),
  /** A port of this machine. */
  PORT(false);

  private final boolean path;

  ResourceKind(boolean path) {
    this.path = path;
  }

  /** Whether it lies in the file system. */
  boolean isPath() {
    return path;
  }

  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }
}
