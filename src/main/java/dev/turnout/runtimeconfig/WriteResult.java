package dev.turnout.runtimeconfig;

import dev.turnout.settings.SettingFlaw;
import dev.turnout.settings.Settings;
import java.util.List;
import java.util.Optional;

/** What became of a wish to change the document. Nothing is written but where it says so. */
public sealed interface WriteResult {
  /** Written, and in force on this replica; the others follow within a second. */
  record Written(Revision revision, Plan plan) implements WriteResult {}

  /** It would have been written. */
  record Planned(Plan plan) implements WriteResult {}

  /** The document is already so. */
  record Unchanged(Plan plan) implements WriteResult {}

  /** Somebody else has written since the caller looked. */
  record Stale(long current) implements WriteResult {}

  /** The new document does not hold; of a dry run that is the answer that was asked for. */
  record Invalid(Plan plan, boolean dryRun) implements WriteResult {}

  /** There is no such revision to go back to. */
  record NoRevision(long number) implements WriteResult {}

  /**
   * What a change amounts to.
   *
   * @param base the revision that it changes
   * @param waiting turns that wait and would run with something that changes
   * @param flaws all that does not hold
   * @param passage from which settings to which this replica goes by it; empty where there are
   *     flaws
   */
  record Plan(
      long base,
      List<Change> changes,
      List<Affected> waiting,
      List<SettingFlaw> flaws,
      Optional<Passage> passage) {
    public Plan {
      changes = List.copyOf(changes);
      waiting = List.copyOf(waiting);
      flaws = List.copyOf(flaws);
    }
  }

  /** From what a replica goes to what. */
  record Passage(Settings before, Settings after) {}

  /**
   * Turns that wait.
   *
   * @param what {@code agent} or {@code lane}
   * @param name which one
   * @param how what becomes of it
   */
  record Affected(String what, String name, String how, long turns) {}
}
