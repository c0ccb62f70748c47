package dev.turnout.boot;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;

/** Lives until it is told to stop. What starts and ends with it is in {@link Lifecycle}. */
public final class Application implements QuarkusApplication {
  private static volatile boolean serves;

  private final Banner banner;

  Application(Banner banner) {
    this.banner = banner;
  }

  /** Whether the start is complete, so that a stop goes through {@link Lifecycle}. */
  static boolean serves() {
    return serves;
  }

  @Override
  public int run(String... args) {
    serves = true;
    banner.print(System.out);
    Quarkus.waitForExit();
    return 0;
  }
}
