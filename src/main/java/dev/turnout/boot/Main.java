package dev.turnout.boot;

import dev.turnout.settings.ConfigurationCheck;
import dev.turnout.settings.InvalidSettings;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.smallrye.config.ConfigValidationException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Starts Turnout: takes the data directory, brings up the database when none is given, then the
 * application. Whatever a person can mend is said in one sentence and ends with its own exit code.
 */
@QuarkusMain
public final class Main {
  /** The command line or the configuration does not hold. */
  static final int EXIT_USAGE = 2;

  /** Another Turnout has the data directory. */
  static final int EXIT_TAKEN = 3;

  /**
   * Libraries that talk before the application has set up its log. Held, because a logger that
   * nobody holds forgets its level.
   */
  private static final List<Logger> TALKATIVE =
      List.of(Logger.getLogger("io.zonky"), Logger.getLogger("org.hibernate"));

  /** More than any drain takes that an operator would wait for. */
  private static final Duration LONGEST_END = Duration.ofMinutes(10);

  private static final CountDownLatch ENDED = new CountDownLatch(1);

  private Main() {}

  public static void main(String... args) {
    TALKATIVE.forEach(logger -> logger.setLevel(Level.WARNING));
    var read = LaunchOptions.read(args);
    switch (read) {
      case LaunchOptions.Reading.Wrong(var why) -> exit(EXIT_USAGE, why);
      case LaunchOptions.Reading.Options options -> launch(options);
    }
  }

  private static void launch(LaunchOptions.Reading.Options options) {
    DataDirectory data;
    boolean ours;
    try {
      data = DataDirectory.open(options.data());
      ours = data.lock();
    } catch (IOException e) {
      exit(EXIT_USAGE, "the data directory " + options.data() + " cannot be used: " + reason(e));
      return;
    }
    if (!ours) {
      exit(
          EXIT_TAKEN,
          "another Turnout runs on "
              + data.path()
              + data.holder().map(holder -> ": " + holder).orElse("")
              + "\nnothing was changed; stop it with ./run stop --data "
              + data.path());
      return;
    }
    System.setProperty("turnout.data-dir", data.path().toString());
    System.setProperty("quarkus.http.port", Integer.toString(options.port()));
    var violations = violations(configFile(options, data));
    if (!violations.isEmpty()) {
      data.unlock();
      exit(EXIT_USAGE, explain(violations));
      return;
    }
    var given = givenDatabase();
    Optional<EmbeddedDatabase> embedded = Optional.empty();
    endWithUs(data.path());
    try {
      if (given.isEmpty()) {
        embedded = Optional.of(EmbeddedDatabase.start(data.path()));
      }
      AdminKey.provide(data.path());
    } catch (IOException | RuntimeException e) { // the library throws both
      data.unlock();
      exit(1, "the embedded PostgreSQL does not start: " + reason(e));
      return;
    }
    run(data, embedded);
  }

  /**
   * Keeps the JVM alive until all has ended. The main thread ends the database, after the runs have
   * written their ends; the JVM would not wait for it, only for its hooks. A stop that comes while
   * the application still starts finds no such thread, and the database is ended here.
   */
  private static void endWithUs(Path data) {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  if (!Application.serves() || !endedInTime()) {
                    EmbeddedDatabase.endEarly(data);
                  }
                },
                "end-of-turnout"));
  }

  private static boolean endedInTime() {
    try {
      return ENDED.await(LONGEST_END.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static void run(DataDirectory data, Optional<EmbeddedDatabase> embedded) {
    embedded.ifPresent(EmbeddedDatabase::watch);
    Quarkus.run(
        Application.class,
        (code, failure) -> {
          // The database goes last: until here runs were writing their ends.
          embedded.ifPresent(EmbeddedDatabase::stop);
          data.unlock();
          ENDED.countDown();
          if (failure != null) {
            System.err.println(explain(failure));
          }
          Runtime.getRuntime().halt(failure != null ? exitCode(failure) : code);
        });
  }

  /** Before the database is started: a mistake should cost its author a second and no more. */
  private static List<String> violations(Optional<Path> file) {
    if (file.isPresent()) {
      // As a URI, with the separator of this list escaped: a path may hold blanks and commas.
      System.setProperty(
          "smallrye.config.locations", file.get().toUri().toString().replace(",", "\\,"));
      try {
        var ofFile = ConfigurationCheck.fileViolations(file.get());
        if (!ofFile.isEmpty()) {
          return ofFile;
        }
      } catch (IOException e) {
        return List.of(file.get() + ": cannot be read: " + reason(e));
      }
    }
    return ConfigurationCheck.violations();
  }

  private static String explain(List<String> violations) {
    return "the configuration does not hold:\n  "
        + String.join("\n  ", violations)
        + "\ndocs/CONFIGURATION.md says what there is";
  }

  private static Optional<String> givenDatabase() {
    return Optional.ofNullable(System.getenv("QUARKUS_DATASOURCE_JDBC_URL"))
        .or(() -> Optional.ofNullable(System.getProperty("quarkus.datasource.jdbc.url")))
        .filter(url -> !url.isBlank());
  }

  private static Optional<Path> configFile(
      LaunchOptions.Reading.Options options, DataDirectory data) {
    return options.config().or(() -> data.file("turnout.yaml"));
  }

  private static int exitCode(Throwable failure) {
    return cause(failure) instanceof InvalidSettings
            || cause(failure) instanceof ConfigValidationException
        ? EXIT_USAGE
        : 1;
  }

  /** The innermost reason, in words; the stack has been logged where it is ours to mend. */
  private static String explain(Throwable failure) {
    return "turnout: "
        + switch (cause(failure)) {
          case InvalidSettings settings -> explain(settings.violations());
          case ConfigValidationException config -> explain(ConfigurationCheck.violations(config));
          case Throwable cause -> cause.getMessage();
        };
  }

  private static Throwable cause(Throwable failure) {
    var cause = failure;
    while (cause.getCause() != null
        && !(cause instanceof InvalidSettings)
        && !(cause instanceof ConfigValidationException)) {
      cause = cause.getCause();
    }
    return cause;
  }

  private static String reason(Exception e) {
    return e.getClass().getSimpleName() + ": " + e.getMessage();
  }

  private static void exit(int code, String why) {
    System.err.println("turnout: " + why);
    System.exit(code);
  }
}
