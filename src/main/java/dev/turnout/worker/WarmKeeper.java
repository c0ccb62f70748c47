package dev.turnout.worker;

import dev.turnout.routing.WarmUp;
import dev.turnout.settings.CurrentSettings;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;

/** Has processes started ahead by the settings that are in force, whenever they change. */
@ApplicationScoped
public class WarmKeeper {
  /** A secret may change without the settings: so it is asked again, and not told. */
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final WarmUp warmUp;
  private final Duty duty;

  WarmKeeper(WarmUp warmUp, CurrentSettings settings) {
    this.warmUp = warmUp;
    this.duty = new Duty("warm", PAUSE, () -> warmUp.by(settings.snapshot()));
  }

  /** Keeps them from now on. */
  public void start() {
    duty.start();
  }

  /** Starts no more; those that wait end with the others. */
  public void stop() {
    duty.stop();
    warmUp.stop();
  }
}
