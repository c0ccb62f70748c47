package dev.turnout.runtimeconfig;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turnout.settings.Compilation;
import dev.turnout.settings.EffectiveSetting;
import dev.turnout.settings.InvalidSettings;
import dev.turnout.settings.SettingFlaw;
import dev.turnout.settings.Settings;
import dev.turnout.settings.SettingsCompiler;
import dev.turnout.turn.StoreUnavailable;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is in force on this replica. Only what holds as a whole replaces what was in force before;
 * everything else leaves it and is kept as trouble, to be told to whoever asks.
 */
final class AppliedSettings {
  private static final Logger LOG = System.getLogger(AppliedSettings.class.getName());

  /** Longest text of trouble that is kept. */
  private static final int LONGEST = 4_000;

  private final RevisionStore store;
  private final Clock clock;
  private final Supplier<SettingsCompiler> files;
  private @Nullable SettingsCompiler compiler;
  private volatile @Nullable Applied applied;
  private volatile @Nullable Trouble ofRevision;
  private volatile @Nullable Trouble ofFiles;
  private long refused;

  AppliedSettings(RevisionStore store, Clock clock, Supplier<SettingsCompiler> files) {
    this.store = store;
    this.clock = clock;
    this.files = files;
  }

  /**
   * What new turns start with.
   *
   * @param fromDatabase false while the database was never read: files and environment alone
   */
  record Applied(
      Settings settings,
      JsonNode document,
      Supplier<List<EffectiveSetting>> effective,
      Instant at,
      boolean fromDatabase) {}

  /** Why something newer is not in force. */
  record Trouble(String text, Instant at) {}

  Applied current() {
    var known = applied;
    return known != null ? known : first();
  }

  private synchronized Applied first() {
    if (applied == null) {
      try {
        refresh();
      } catch (StoreUnavailable e) {
        LOG.log(Level.WARNING, "files and environment alone are in force: {0}", e.getMessage());
        applyEmpty(false);
      }
    }
    return java.util.Objects.requireNonNull(applied, "something is in force");
  }

  Optional<Trouble> trouble() {
    return Optional.ofNullable(ofRevision).or(() -> Optional.ofNullable(ofFiles));
  }

  synchronized SettingsCompiler compiler() {
    var known = compiler;
    if (known == null) {
      known = files.get();
      compiler = known;
    }
    return known;
  }

  /** Applies the current revision, unless that is in force or is known not to hold here. */
  synchronized void refresh() {
    long newest = store.currentNumber();
    var known = applied;
    boolean inForce =
        known != null && known.fromDatabase() && known.settings().revision() == newest;
    if (inForce || refused == newest) {
      return;
    }
    var revision = store.find(newest).orElseThrow();
    switch (compiler().compile(newest, revision.document())) {
      case Compilation.Compiled compiled -> {
        apply(compiled, revision.document(), true);
        ofRevision = null;
        refused = 0;
        if (ofFiles != null) {
          // They may go together with what is in force now.
          reread();
        }
      }
      case Compilation.Refused(var flaws) -> {
        refused = newest;
        ofRevision = trouble("revision " + newest + " does not hold here: ", flaws);
        if (known == null || !known.fromDatabase()) {
          applyOlder(newest);
        }
      }
    }
  }

  /** After a start: the newest one that holds was the last good one. */
  private void applyOlder(long newest) {
    long number = newest;
    while (true) {
      var older = store.before(number, 1);
      if (older.isEmpty()) {
        applyEmpty(true);
        return;
      }
      var revision = older.getFirst();
      number = revision.number();
      if (compiler().compile(number, revision.document()) instanceof Compilation.Compiled good) {
        apply(good, revision.document(), true);
        return;
      }
    }
  }

  /** Files and environment alone, which the start has checked. */
  private void applyEmpty(boolean fromDatabase) {
    var nothing = Documents.empty();
    switch (compiler().compile(1, nothing)) {
      case Compilation.Compiled compiled -> apply(compiled, nothing, fromDatabase);
      case Compilation.Refused(var flaws) ->
          throw new IllegalStateException("the start let this pass: " + flaws);
    }
  }

  /**
   * Takes up files that changed; INVARIANT: what they make with the document in force must hold.
   */
  synchronized void reread() {
    SettingsCompiler fresh;
    try {
      fresh = files.get();
    } catch (InvalidSettings e) {
      ofFiles = trouble("a changed file does not hold: " + String.join("; ", e.violations()));
      return;
    } catch (RuntimeException e) { // of the library, for a file that it cannot read
      ofFiles = trouble("a changed file cannot be read: " + e.getMessage());
      return;
    }
    var now = current();
    switch (fresh.compile(now.settings().revision(), now.document())) {
      case Compilation.Compiled compiled -> {
        compiler = fresh;
        ofFiles = null;
        apply(compiled, now.document(), now.fromDatabase());
        LOG.log(Level.INFO, "a changed file is in force");
        // A revision that did not hold may hold with it.
        refused = 0;
        refreshIfPossible();
      }
      case Compilation.Refused(var flaws) ->
          ofFiles = trouble("a changed file does not hold: ", flaws);
    }
  }

  private void refreshIfPossible() {
    try {
      refresh();
    } catch (StoreUnavailable e) {
      LOG.log(Level.DEBUG, "the current revision comes later: {0}", e.getMessage());
    }
  }

  private void apply(Compilation.Compiled compiled, JsonNode document, boolean fromDatabase) {
    applied =
        new Applied(
            compiled.settings(), document, compiled.effective(), clock.instant(), fromDatabase);
    LOG.log(Level.INFO, "revision {0} is in force", compiled.settings().revision());
  }

  private Trouble trouble(String what, List<SettingFlaw> flaws) {
    return trouble(
        flaws.stream()
            .map(flaw -> flaw.pointer() + " " + flaw.why())
            .collect(Collectors.joining("; ", what, "")));
  }

  private Trouble trouble(String text) {
    LOG.log(Level.ERROR, "{0}; what was in force stays", text);
    return new Trouble(
        text.length() > LONGEST ? text.substring(0, LONGEST) : text, clock.instant());
  }
}
