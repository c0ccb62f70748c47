package dev.turnout.runtimeconfig;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turnout.news.News;
import dev.turnout.queue.WaitingTurns;
import dev.turnout.runtimeconfig.WriteResult.Affected;
import dev.turnout.runtimeconfig.WriteResult.Plan;
import dev.turnout.settings.Compilation;
import dev.turnout.settings.CurrentSettings;
import dev.turnout.settings.EffectiveSetting;
import dev.turnout.settings.Settings;
import dev.turnout.settings.SettingsCompiler;
import dev.turnout.turn.StoreUnavailable;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The document of settings that all replicas share, and what this replica makes of it. Whoever asks
 * for {@link #snapshot()} gets an immutable tree that later changes leave alone.
 */
@ApplicationScoped
public class RuntimeConfig implements CurrentSettings {
  static final String CHANNEL = "turnout_config";

  private static final Logger LOG = System.getLogger(RuntimeConfig.class.getName());

  /** How often a replica says that it is there although nothing changed. */
  private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(10);

  private final RevisionStore revisions;
  private final ReplicaStore replicas;
  private final AppliedSettings applied;
  private final WaitingTurns waiting;
  private final Layers layers;
  private final News news;
  private final Clock clock;
  private @Nullable Replica self;
  private News.@Nullable Listening listening;
  private @Nullable FileWatch watch;
  private ReplicaStore.@Nullable Report reported;
  private Instant reportedAt = Instant.MIN;

  /** What lies below the document. */
  public interface Layers {
    /** What files and environment say now. */
    SettingsCompiler read();

    /** The files that may change. */
    List<Path> files();
  }

  /**
   * This process, for the others.
   *
   * @param home its data directory's identity
   */
  public record Replica(String home, String host, long pid) {}

  @Inject
  RuntimeConfig(DataSource database, News news, WaitingTurns waiting, Clock clock) {
    this(
        database,
        news,
        waiting,
        clock,
        new Layers() {
          @Override
          public SettingsCompiler read() {
            return SettingsCompiler.ofThisProcess();
          }

          @Override
          public List<Path> files() {
            return SettingsCompiler.files();
          }
        });
  }

  /** Above other layers than those of this process. */
  public RuntimeConfig(
      DataSource database, News news, WaitingTurns waiting, Clock clock, Layers layers) {
    this.revisions = new RevisionStore(database);
    this.replicas = new ReplicaStore(database);
    this.applied = new AppliedSettings(revisions, clock, layers::read);
    this.waiting = waiting;
    this.layers = layers;
    this.news = news;
    this.clock = clock;
  }

  @Override
  public Settings snapshot() {
    return applied.current().settings();
  }

  @Override
  public Settings latest() {
    try {
      applied.refresh();
    } catch (StoreUnavailable e) {
      LOG.log(Level.DEBUG, "nothing newer is known: {0}", e.getMessage());
    }
    return snapshot();
  }

  /** From now on it applies what other replicas write, and files that change. */
  public synchronized void start(Replica replica) {
    self = replica;
    snapshot();
    watch = new FileWatch(layers.files(), this::filesChanged);
    listening = news.listen(CHANNEL, this::round);
  }

  /** Nothing is applied any more. */
  @PreDestroy
  public synchronized void stop() {
    if (listening != null) {
      listening.close();
      listening = null;
    }
    if (watch != null) {
      watch.close();
      watch = null;
    }
    var me = self;
    self = null;
    if (me != null) {
      try {
        replicas.forget(me.home());
      } catch (StoreUnavailable e) {
        LOG.log(Level.DEBUG, "its row ends by its age: {0}", e.getMessage());
      }
    }
  }

  private void round() {
    applied.refresh();
    report();
  }

  private void filesChanged() {
    applied.reread();
    try {
      report();
    } catch (StoreUnavailable e) {
      LOG.log(Level.DEBUG, "told later: {0}", e.getMessage());
    }
  }

  private synchronized void report() {
    var me = self;
    if (me == null) {
      return;
    }
    var now = clock.instant();
    var current = applied.current();
    var trouble = applied.trouble();
    var startedAt = reported == null ? now : reported.startedAt();
    var fresh =
        new ReplicaStore.Report(
            me.home(),
            me.host(),
            me.pid(),
            startedAt,
            current.settings().revision(),
            current.at(),
            trouble.map(AppliedSettings.Trouble::text),
            trouble.map(AppliedSettings.Trouble::at));
    if (!fresh.equals(reported) || reportedAt.plus(SIGN_OF_LIFE).isBefore(now)) {
      replicas.write(fresh);
      reported = fresh;
      reportedAt = now;
    }
  }

  /** The newest revision, whether it is in force here or not. */
  public Revision current() {
    return revisions.current();
  }

  /** The revision of this number. */
  public Optional<Revision> revision(long number) {
    return revisions.find(number);
  }

  /** Revisions before this number, the newest first. */
  public List<Revision> revisionsBefore(long number, int limit) {
    return revisions.before(number, limit);
  }

  /** What is in force on this replica, with sources. */
  public List<EffectiveSetting> effective() {
    return applied.current().effective().get();
  }

  /** All replicas that have been heard of within a minute. */
  public List<ReplicaState> replicas() {
    return replicas.all();
  }

  /**
   * A wish to write.
   *
   * @param base the revision that the author has seen
   * @param dryRun only look what it would amount to
   * @param also what belongs into the commit of the revision
   */
  public record Wish(Author author, String comment, long base, boolean dryRun, Alongside also) {}

  /** Changes the document by a merge patch of RFC 7396. */
  public WriteResult patch(Wish wish, JsonNode patch) {
    var current = revisions.current();
    return write(
        wish,
        current,
        Revision.Kind.PATCH,
        Documents.patched(current.document(), patch),
        Optional.empty());
  }

  /** Puts this document in the place of the current one. */
  public WriteResult put(Wish wish, JsonNode document) {
    return write(wish, revisions.current(), Revision.Kind.PUT, document, Optional.empty());
  }

  /** Writes the document of an earlier revision anew. */
  public WriteResult rollback(Wish wish, long number) {
    var earlier = revisions.find(number);
    return earlier.isEmpty()
        ? new WriteResult.NoRevision(number)
        : write(
            wish,
            revisions.current(),
            Revision.Kind.ROLLBACK,
            earlier.get().document(),
            Optional.of(number));
  }

  private WriteResult write(
      Wish wish, Revision current, Revision.Kind kind, JsonNode document, Optional<Long> restored) {
    if (current.number() != wish.base()) {
      return new WriteResult.Stale(current.number());
    }
    var changes = Documents.changes(current.document(), document);
    var plan = plan(current, document, changes);
    if (!plan.flaws().isEmpty()) {
      return new WriteResult.Invalid(plan, wish.dryRun());
    }
    if (wish.dryRun()) {
      return new WriteResult.Planned(plan);
    }
    if (changes.isEmpty()) {
      return new WriteResult.Unchanged(plan);
    }
    var next =
        new Revision(
            current.number() + 1,
            kind,
            clock.instant(),
            wish.author(),
            wish.comment(),
            restored,
            document,
            changes);
    if (!revisions.append(next, wish.also())) {
      return new WriteResult.Stale(revisions.currentNumber());
    }
    news.tell(CHANNEL);
    // At once here: the author's next call finds it in force.
    round();
    return new WriteResult.Written(next, plan);
  }

  private Plan plan(Revision current, JsonNode document, List<Change> changes) {
    return switch (applied.compiler().compile(current.number() + 1, document)) {
      case Compilation.Compiled(var next, _) -> held(current, next, changes);
      case Compilation.Refused(var flaws) ->
          new Plan(current.number(), changes, List.of(), flaws, Optional.empty());
    };
  }

  private Plan held(Revision current, Settings next, List<Change> changes) {
    var now = snapshot();
    List<Affected> affected =
        changes.isEmpty() ? List.of() : SettingsDifference.affected(now, next, waiting.count());
    return new Plan(
        current.number(),
        changes,
        affected,
        List.of(),
        Optional.of(new WriteResult.Passage(now, next)));
  }
}
