package dev.turnout.cooldown;

import dev.turnout.failure.Failure;
import dev.turnout.failure.FailureReason;
import dev.turnout.news.News;
import dev.turnout.turn.StoreUnavailable;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * What rests, for this replica and in step with the others. Reading is from memory; each change is
 * in the database before it is in the memory of anybody. While the database is away nothing new
 * rests and nobody probes, and what rested before goes on resting: routing never fails for it.
 */
@ApplicationScoped
public class Cooldowns {
  private static final Logger LOG = System.getLogger(Cooldowns.class.getName());

  /** How long nobody else goes first. A dead owner, or a slow one, costs one attempt a lease. */
  private static final Duration PROBE_LEASE = Duration.ofSeconds(30);

  /** How long an ended row is kept for its place on the ladder, and the history for people. */
  private static final Duration KEPT = Duration.ofDays(30);

  private final CooldownStore store;
  private final Cures cures;
  private final Clock clock;
  private final News news;
  private final boolean ownNews;
  private final Map<UUID, Long> avoided = new ConcurrentHashMap<>();
  private volatile @Nullable CooldownSnapshot snapshot;
  private News.@Nullable Listening listening;
  private Instant sweptAt = Instant.MIN;

  @Inject
  public Cooldowns(DataSource database, Clock clock, Fingerprints fingerprints, News news) {
    this(database, clock, fingerprints, news, false);
  }

  /** With news of its own, for callers outside the container. */
  public Cooldowns(DataSource database, Clock clock, Fingerprints fingerprints) {
    this(database, clock, fingerprints, new News(database), true);
  }

  private Cooldowns(
      DataSource database, Clock clock, Fingerprints fingerprints, News news, boolean ownNews) {
    this.cures = new Cures(database, fingerprints);
    this.store = new CooldownStore(database);
    this.clock = clock;
    this.news = news;
    this.ownNews = ownNews;
  }

  /** One that knows of nothing that could cure anything. */
  public Cooldowns(DataSource database, Clock clock) {
    this(database, clock, Fingerprints.NONE);
  }

  /** From now on it hears what other replicas change. */
  public synchronized void start() {
    if (listening == null) {
      listening = news.listen(CooldownStore.CHANNEL, this::round);
    }
  }

  /** It hears nothing any more. */
  @PreDestroy
  public synchronized void stop() {
    if (listening != null) {
      listening.close();
      listening = null;
    }
    if (ownNews) {
      news.stop();
    }
  }

  /** What is known now. */
  public CooldownSnapshot snapshot() {
    var known = snapshot;
    if (known != null) {
      return known;
    }
    try {
      return refresh();
    } catch (StoreUnavailable e) {
      LOG.log(Level.WARNING, "nothing rests until the cooldowns can be read: {0}", e.getMessage());
      return CooldownSnapshot.EMPTY;
    }
  }

  /** One reader at a time, so that no older state follows a newer one. */
  private synchronized CooldownSnapshot refresh() {
    var read = new CooldownSnapshot(store.all());
    snapshot = read;
    return read;
  }

  private void round() {
    if (cures.end(refresh(), clock.instant())) {
      refresh();
    }
    var counts = new HashMap<UUID, Long>();
    for (var id : List.copyOf(avoided.keySet())) {
      var count = avoided.remove(id);
      if (count != null) {
        counts.put(id, count);
      }
    }
    if (!counts.isEmpty()) {
      store.avoided(counts);
    }
    var now = clock.instant();
    if (sweptAt.isBefore(now.minus(Duration.ofHours(1)))) {
      sweptAt = now;
      store.forget(now.minus(KEPT));
    }
  }

  /**
   * An attempt failed; its reason decides what rests, as in the {@link RestTable#STANDARD} table.
   *
   * @param startedAt when the attempt began
   */
  public void failed(Way way, Failure failure, Instant startedAt) {
    failed(way, failure, startedAt, RestTable.STANDARD);
  }

  /**
   * An attempt failed; its reason decides what rests.
   *
   * @param startedAt when the attempt began
   * @param table that of the settings with which the turn runs
   */
  public void failed(Way way, Failure failure, Instant startedAt, RestTable table) {
    table
        .rule(failure.reason())
        .ifPresent(
            rule ->
                quietly(
                    () ->
                        cures.note(
                            store.failed(
                                rule.scope().of(way), failure, rule, startedAt, clock.instant()))));
  }

  /** An attempt succeeded: every cooldown of its way is over. Costs nothing where there is none. */
  public void succeeded(Way way, Instant startedAt) {
    var over = snapshot().of(way);
    if (!over.isEmpty()) {
      quietly(() -> over.forEach(c -> store.recovered(c.id(), startedAt, clock.instant())));
    }
  }

  /** The right to go first. */
  public record ProbeHold(String owner, List<Cooldown> cooldowns) {}

  /** Takes the right to go first; empty when another attempt somewhere has it. */
  public Optional<ProbeHold> probe(Standing.ToProbe standing) {
    var owner = UUID.randomUUID().toString();
    var held = new ArrayList<Cooldown>();
    try {
      for (var cooldown : standing.cooldowns()) {
        var now = clock.instant();
        if (!store.probe(cooldown.id(), new Cooldown.Probe(owner, now.plus(PROBE_LEASE)), now)) {
          release(new ProbeHold(owner, held));
          refresh();
          return Optional.empty();
        }
        held.add(cooldown);
      }
      return Optional.of(new ProbeHold(owner, held));
    } catch (StoreUnavailable e) {
      LOG.log(Level.WARNING, "nobody goes first: {0}", e.getMessage());
      return Optional.empty();
    }
  }

  /** The provider began to answer: others need not wait for the end of it. */
  public void answered(ProbeHold hold) {
    quietly(
        () -> hold.cooldowns().forEach(c -> store.answered(c.id(), hold.owner(), clock.instant())));
  }

  /**
   * The attempt found out nothing of this, whatever became of it; after a success it is no more.
   */
  public void release(ProbeHold hold) {
    if (!hold.cooldowns().isEmpty()) {
      quietly(() -> hold.cooldowns().forEach(c -> store.released(c.id(), hold.owner())));
    }
  }

  /** A candidate was skipped for it. */
  public void skipped(Cooldown cooldown) {
    avoided.merge(cooldown.id(), 1L, Long::sum);
  }

  /**
   * Ends it by hand, ladder and all; false when there is none of this id.
   *
   * @param who for the history
   * @param why for the history
   */
  public boolean clear(UUID id, String who, String why) {
    return clear(id, who, why, Alongside.NOTHING);
  }

  /** The same, with what belongs into its commit. */
  public boolean clear(UUID id, String who, String why, Alongside also) {
    boolean cleared = store.cleared(id, who, why, clock.instant(), also);
    refresh();
    return cleared;
  }

  /** Where a page goes on: the last one seen. */
  public record Place(Instant firstAt, UUID id) {}

  /** Those that this filter lets through, the latest first, as the database has them now. */
  public List<Cooldown> page(CooldownFilter filter, Optional<Place> after, int size) {
    return store.page(filter, after, size, clock.instant());
  }

  /** One of them, as the database has it now. */
  public Optional<Cooldown> find(UUID id) {
    return store.find(id);
  }

  /**
   * Takes the right to go first at a person's wish: before the rest is over, too. Empty when
   * somebody else has it, or when there is no such cooldown.
   *
   * @param lease how long nobody else goes first
   * @param who for the history
   */
  public Optional<ProbeHold> probeByHand(Cooldown cooldown, Duration lease, String who) {
    var now = clock.instant();
    var owner = UUID.randomUUID().toString();
    boolean taken =
        store.probeByHand(cooldown.id(), new Cooldown.Probe(owner, now.plus(lease)), who, now);
    refresh();
    return taken ? Optional.of(new ProbeHold(owner, List.of(cooldown))) : Optional.empty();
  }

  /**
   * Makes something rest by hand, in the place of any cooldown of its key.
   *
   * @param key of the scope that this reason makes rest
   * @throws IllegalArgumentException when the reason makes nothing rest, or another scope
   */
  public Cooldown create(
      CooldownKey key, FailureReason reason, Instant until, String who, String why) {
    return create(key, reason, RestTable.STANDARD, until, who, why, (_, _, _) -> {});
  }

  /** The line of a creation knows both what was there and what is. */
  @FunctionalInterface
  public interface AlongsideCreation {
    void run(Connection connection, Optional<Cooldown> before, Cooldown after) throws SQLException;
  }

  /**
   * The same, with what belongs into its commit.
   *
   * @param table that of the settings in force: later failures of attempts count on in it
   */
  public Cooldown create(
      CooldownKey key,
      FailureReason reason,
      RestTable table,
      Instant until,
      String who,
      String why,
      AlongsideCreation also) {
    var rule =
        table
            .rule(reason)
            .filter(found -> found.scope() == key.scope())
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        reason.code() + " makes no " + key.scope().code() + " rest"));
    var now = clock.instant();
    var cooldown =
        new Cooldown(
            UUID.randomUUID(),
            key,
            Failure.of(reason, "admin.cooldown", why),
            rule.after(),
            1,
            now,
            now,
            Optional.of(now),
            Optional.of(until),
            rule.probed(),
            Optional.empty(),
            0);
    store.create(
        cooldown, who, why, now, (connection, before) -> also.run(connection, before, cooldown));
    refresh();
    return cooldown;
  }

  /**
   * What became of the cooldowns of this key, oldest first: the newest changes, at most so many.
   */
  public List<CooldownChange> history(CooldownKey key, int limit) {
    return store.history(key, limit);
  }

  /** Changes and reads what came of it; a turn never fails of a cooldown that cannot be kept. */
  private void quietly(Runnable change) {
    try {
      change.run();
      refresh();
    } catch (StoreUnavailable e) {
      LOG.log(Level.WARNING, "cooldowns are behind: {0}", e.getMessage());
    }
  }
}
