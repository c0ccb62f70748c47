package dev.turnout.drill;

import dev.turnout.failure.Failure;
import dev.turnout.news.News;
import dev.turnout.turn.AgentId;
import dev.turnout.turn.Candidate;
import dev.turnout.turn.RunRef;
import dev.turnout.turn.StoreUnavailable;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The drills of all replicas. Which of them are open is known from memory, so that an attempt costs
 * nothing while there is none; whether one strikes is decided in the database, which counts.
 */
@ApplicationScoped
public class FaultDrills {
  /** The channel of NOTIFY. */
  static final String CHANNEL = "turnout_drill";

  private static final Logger LOG = System.getLogger(FaultDrills.class.getName());

  /** Attempts name the drill that failed them, so it can be looked up for as long. */
  private static final Duration KEPT = Duration.ofDays(30);

  private final DrillStore store;
  private final Clock clock;
  private final News news;
  private volatile @Nullable List<FaultDrill> open;
  private News.@Nullable Listening listening;

  @Inject
  public FaultDrills(DataSource database, Clock clock, News news) {
    this.store = new DrillStore(database);
    this.clock = clock;
    this.news = news;
  }

  /** From now on it hears what other replicas order. */
  public synchronized void start() {
    if (listening == null) {
      listening = news.listen(CHANNEL, this::refresh);
    }
  }

  /** It hears nothing any more. */
  @PreDestroy
  public synchronized void stop() {
    if (listening != null) {
      listening.close();
      listening = null;
    }
  }

  /**
   * The failure that an attempt meets.
   *
   * @param cooldowns whether it makes anything rest
   */
  public record Hit(Failure failure, boolean cooldowns) {}

  /**
   * Whether an attempt is failed. While the database is away none is: a drill is never worth a
   * turn.
   */
  public Optional<Hit> hit(Candidate candidate, AgentId agent, RunRef run) {
    try {
      var now = clock.instant();
      for (var drill : known()) {
        if (drill.concerns(candidate, agent, now) && store.strike(drill.id(), run, now)) {
          return Optional.of(hit(drill));
        }
      }
    } catch (StoreUnavailable e) {
      LOG.log(Level.WARNING, "no drill strikes: {0}", e.getMessage());
    }
    return Optional.empty();
  }

  private static Hit hit(FaultDrill drill) {
    var summary =
        "drill: nobody was asked, because "
            + drill.madeBy()
            + " ordered this failure"
            + drill.order().note().map(note -> " (" + note + ")").orElse("");
    return new Hit(
        Failure.of(drill.reason(), "drill." + drill.id(), summary), drill.order().cooldowns());
  }

  private List<FaultDrill> known() {
    var known = open;
    return known != null ? known : refresh();
  }

  /** One reader at a time, so that no older state follows a newer one. */
  private synchronized List<FaultDrill> refresh() {
    var read = List.copyOf(store.open(clock.instant()));
    open = read;
    return read;
  }

  /** Orders one; it is known here at once and on all replicas in a moment. */
  public FaultDrill make(Order order, String madeBy) {
    var now = clock.instant();
    var drill =
        new FaultDrill(
            UUID.randomUUID(),
            order,
            madeBy,
            now,
            now.plus(order.lasts()),
            Optional.empty(),
            order.turns(),
            0);
    store.forget(now.minus(KEPT));
    store.insert(drill);
    told();
    return drill;
  }

  /** Ends one; false when it had ended by itself or there is none. */
  public boolean end(UUID id) {
    boolean ended = store.end(id, clock.instant());
    told();
    return ended;
  }

  private void told() {
    refresh();
    news.tell(CHANNEL);
  }

  /** The drill with this id, as long as it is kept: 30 days after its end. */
  public Optional<FaultDrill> find(UUID id) {
    return store.find(id);
  }

  /** Where a page goes on. */
  public record Cursor(Instant createdAt, UUID id) {
    private static final Cursor START =
        new Cursor(Instant.parse("9999-12-31T00:00:00Z"), new UUID(-1L, -1L));
  }

  /** Drills, newest first, those that ended too. */
  public List<FaultDrill> page(Optional<Cursor> after, int size) {
    var from = after.orElse(Cursor.START);
    return store.page(from.createdAt(), from.id(), size);
  }
}
