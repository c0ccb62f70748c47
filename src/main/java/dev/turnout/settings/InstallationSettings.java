package dev.turnout.settings;

import java.nio.file.Path;
import java.time.Duration;

/** What belongs to this process and cannot change while it runs. */
public interface InstallationSettings {
  /** Where Turnout keeps what it needs beside its database. Absolute. */
  Path dataDirectory();

  /** How long the others wait before they take this replica for dead. */
  Duration lease();

  /** Whether this replica runs turns. */
  boolean worker();

  /** How callers come in and sign in. */
  DoorSettings doors();
}
