package dev.turnout.livesession;

import dev.turnout.process.SubprocessSpec.Limits;
import dev.turnout.settings.LiveSettings;
import dev.turnout.turn.BackendId;
import dev.turnout.turn.SessionId;
import java.io.IOException;

/**
 * Processes of this kind shall be started ahead, as many as the settings say.
 *
 * @param fingerprint what they are started with, without what is each session's own
 * @param limits of becoming ready
 */
public record WarmOrder(
    BackendId backend,
    Fingerprint fingerprint,
    LiveSettings settings,
    Limits limits,
    Starts starts) {

  /** Prepares the start of one more. */
  @FunctionalInterface
  public interface Starts {
    Start next();
  }

  /**
   * One process to be started.
   *
   * @param nobody the number of a session that is nobody's and no other process's
   * @param fingerprint with what is the session's own
   */
  public record Start(
      SessionId nobody,
      Fingerprint fingerprint,
      LiveLaunch.Preparation preparation,
      Adoption adoption) {}

  /** Makes what was nobody's a session's own. */
  @FunctionalInterface
  public interface Adoption {
    /** For what is never adopted. */
    Adoption NONE =
        (_, _) -> {
          throw new IOException("it was started for a turn");
        };

    /**
     * Hands over what the process works in.
     *
     * @throws java.nio.file.FileAlreadyExistsException when this session has something already;
     *     then nothing has changed, and another session can be asked
     * @throws IOException when it came to nothing; the process is of no use any more
     */
    void by(SessionId session, Belongings belongings) throws IOException;
  }
}
