package dev.turnout.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.testing.ScriptedApplication;
import io.quarkus.bootstrap.logging.InitialConfigurator;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.Arrays;
import java.util.logging.LogRecord;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.Level;
import org.jboss.logmanager.handlers.ConsoleHandler;
import org.junit.jupiter.api.Test;

/** The log that is written goes through the door, and not only the door's own tests. */
@QuarkusTest
@TestProfile(ScriptedApplication.class)
class LogDoorIT {
  @Test
  void noMessageEndsItsLineInTheLogThatIsWritten() {
    var consoles =
        Arrays.stream(InitialConfigurator.DELAYED_HANDLER.getHandlers())
            .filter(ConsoleHandler.class::isInstance)
            .toList();
    assertFalse(consoles.isEmpty());
    for (var console : consoles) {
      LogRecord entry =
          new ExtLogRecord(Level.INFO, "said: %s", ExtLogRecord.FormatStyle.PRINTF, "");
      entry.setParameters(new Object[] {"a\r\nb\u001b[31m"});

      assertTrue(console.getFilter().isLoggable(entry));

      var line = console.getFormatter().format(entry);
      assertEquals(line.length() - 1, line.indexOf('\n'), line);
      assertTrue(line.contains("said: a\\u000d\\u000ab\\u001b[31m"), line);
    }
  }
}
