package dev.turnout.boot;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;

/** Lives until it is told to stop. What starts and ends with it is in {@link Lifecycle}. */
public final class Application implements QuarkusApplication {
  private final Banner banner;

  Application(Banner banner) {
    this.banner = banner;
  }

  @Override
  public int run(String... args) {
    banner.print(System.out);
    Quarkus.waitForExit();
    return 0;
  }
}
