package dev.turnout.settings;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The JSON Schema of the runtime document, which is generated from {@link TurnoutConfig}. */
public final class SettingsSchema {
  static final String RESOURCE = "runtime-document.schema.json";

  private SettingsSchema() {}

  /** The schema as JSON. */
  public static String text() {
    return Text.SCHEMA;
  }

  private static final class Text {
    private static final String SCHEMA = read();

    private static String read() {
      try (var in = SettingsSchema.class.getResourceAsStream(RESOURCE)) {
        if (in == null) {
          throw new IllegalStateException("the schema is missing: " + RESOURCE);
        }
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
