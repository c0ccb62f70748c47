package dev.turnout.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.boot.LaunchOptions.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LaunchOptionsTest {
  @TempDir Path directory;

  @Test
  void optionsAreTakenAsGiven() throws IOException {
    var file = Files.writeString(directory.resolve("my settings.yaml"), "");

    var read =
        LaunchOptions.read(
            "--data", directory.toString(), "--port", "8099", "--config", file.toString());

    assertEquals(new Reading.Options(directory, 8099, Optional.of(file)), read);
  }

  @ParameterizedTest
  @CsvSource({
    "--colour, blue, unknown option --colour",
    "--port, eighty, --port eighty is not a port",
    "--port, 65536, --port 65536 is not a port",
    "--config, /nowhere/turnout.yaml, /nowhere/turnout.yaml cannot be read"
  })
  void wrongOptionIsNamed(String option, String value, String why) {
    var wrong = assertInstanceOf(Reading.Wrong.class, LaunchOptions.read(option, value));

    assertTrue(wrong.why().contains(why), wrong::why);
  }

  @Test
  void configurationFileOfAnotherFormatIsRefusedInsteadOfPassedOver() throws IOException {
    var file = Files.writeString(directory.resolve("turnout.conf"), "");

    var wrong =
        assertInstanceOf(Reading.Wrong.class, LaunchOptions.read("--config", file.toString()));

    assertTrue(wrong.why().contains("is not named .yaml"), wrong::why);
  }
}
