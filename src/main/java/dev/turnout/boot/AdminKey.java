package dev.turnout.boot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The first admin key: given in TURNOUT_BOOTSTRAP_KEY, or made at the first start and kept. */
final class AdminKey {
  static final String PROPERTY = "turnout.bootstrap-key";
  static final String FILE = "admin.key";

  private AdminKey() {}

  /** Sets {@link #PROPERTY}, from which the identity room takes the key once. */
  static void provide(Path data) throws IOException {
    var given = System.getenv("TURNOUT_BOOTSTRAP_KEY");
    if (given != null && !given.isBlank()) {
      System.setProperty(PROPERTY, given.strip());
      return;
    }
    var file = data.resolve(FILE);
    if (!Files.exists(file)) {
      PrivateFile.write(file, "tk_" + PrivateFile.newSecret());
      System.setProperty("turnout-start.first", "true");
    }
    System.setProperty(PROPERTY, Files.readString(file).strip());
  }
}
