package dev.turnout.cooldown;

import java.time.Instant;
import java.util.List;

/** Whether a way may be taken now. */
public sealed interface Standing {
  record Free() implements Standing {}

  /** Its rest is over, and whoever gets hold of these cooldowns finds out whether it helped. */
  record ToProbe(List<Cooldown> cooldowns) implements Standing {
    public ToProbe {
      cooldowns = List.copyOf(cooldowns);
    }
  }

  /**
   * Not now.
   *
   * @param cooldown the one of its cooldowns that lasts longest
   * @param until when the way can be taken again, as far as is known now
   */
  record Resting(Cooldown cooldown, Instant until) implements Standing {}
}
