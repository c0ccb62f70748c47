package dev.turnout.settings;

import java.util.List;
import java.util.function.Supplier;

/** What a document of settings amounts to, on top of files and environment. */
public sealed interface Compilation {
  /**
   * It holds.
   *
   * @param effective what is in force with it, with sources; made when it is asked for
   */
  record Compiled(Settings settings, Supplier<List<EffectiveSetting>> effective)
      implements Compilation {}

  /** It does not hold, and nothing of it is used. */
  record Refused(List<SettingFlaw> flaws) implements Compilation {
    public Refused {
      flaws = List.copyOf(flaws);
    }
  }
}
