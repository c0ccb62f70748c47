package dev.turnout.settings;

/** The settings in force now. */
public interface CurrentSettings {
  /** An immutable snapshot; ask again to see a later change. */
  Settings snapshot();

  /**
   * The same after a look whether something newer was written elsewhere: for whoever is about to
   * say that something is not configured, which another replica may have been told a moment ago.
   */
  default Settings latest() {
    return snapshot();
  }
}
