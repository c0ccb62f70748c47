package dev.turnout.settings;

/** The settings in force now. */
public interface CurrentSettings {
  /** An immutable snapshot; ask again to see a later change. */
  Settings snapshot();
}
