package dev.turnout.worker;

import dev.turnout.events.EventLog;
import dev.turnout.queue.ClaimedTurn;
import dev.turnout.queue.Replica;
import dev.turnout.queue.Replicas;
import dev.turnout.queue.RunSignal;
import dev.turnout.queue.RunSignals;
import dev.turnout.queue.RunWords;
import dev.turnout.queue.TurnHistory;
import dev.turnout.queue.TurnQueue;
import dev.turnout.queue.TurnTimers;
import dev.turnout.routing.BackendRouter;
import dev.turnout.settings.CurrentSettings;
import dev.turnout.telemetry.Telemetry;
import dev.turnout.turn.LaneId;
import dev.turnout.turn.StoreUnavailable;
import jakarta.enterprise.context.ApplicationScoped;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs claimed turns, each on a virtual thread, and keeps this replica alive in the eyes of the
 * others. {@link #start} registers and begins; {@link #drain} ends in order.
 */
@ApplicationScoped
public class WorkerPool {
  private static final Logger LOG = System.getLogger(WorkerPool.class.getName());

  /** How often delayed and expiring turns are looked for; also the worst delay of a signal. */
  private static final Duration ROUND = Duration.ofMillis(250);

  /** How often {@link TurnQueue#putBackLostClaims} is called. */
  private static final Duration LOST_CLAIMS = Duration.ofSeconds(1);

  private final TurnQueue queue;
  private final Replicas replicas;
  private final RunSignals signals;
  private final Talks talks;
  private final TurnTimers timers;
  private final RunningTurns running;
  private final CurrentSettings settings;
  private final TurnRun.Parts parts;
  private final LaneWidths lanes;
  private final List<Duty> duties;
  private @Nullable ReplicaHome home;
  private volatile @Nullable Replica self;
  private volatile long leaseEndsNanos;

  /** Our runs were ended as lost, and we have not joined anew. */
  private volatile boolean lapsed;

  private @Nullable Thread dispatcher;

  WorkerPool(
      TurnQueue queue,
      Replicas replicas,
      RunSignals signals,
      RunWords words,
      TurnTimers timers,
      TurnHistory history,
      EventLog events,
      BackendRouter router,
      RunningTurns running,
      CurrentSettings settings,
      Telemetry telemetry,
      Clock clock) {
    this.queue = queue;
    this.replicas = replicas;
    this.signals = signals;
    this.timers = timers;
    this.running = running;
    this.settings = settings;
    this.talks = new Talks(words, clock);
    this.parts =
        new TurnRun.Parts(queue, history, events, router, running, talks, telemetry, clock);
    this.lanes = new LaneWidths(queue, settings);
    this.duties =
        List.of(
            new Duty("timers", ROUND, this::timersOnce),
            new Duty("signals", ROUND, this::signalsOnce),
            new Duty("words", ROUND, this::wordsOnce),
            new Duty("lanes", ROUND, lanes::resize),
            new Duty("claims", LOST_CLAIMS, queue::putBackLostClaims),
            new Duty("lease-watch", ROUND, this::watchLease));
  }

  /** Registers this replica, takes over what its predecessors left, and begins to run turns. */
  public synchronized void start(ReplicaHome where) {
    home = where;
    join(where);
    queue.onSignal(
        () -> {
          signalsOnce();
          wordsOnce();
        });
    dispatcher = Thread.ofPlatform().daemon().name("dispatch").start(this::dispatch);
    duties.forEach(Duty::start);
    leaseKeeper(where).start();
  }

  private Duty leaseKeeper(ReplicaHome where) {
    return new Duty("lease", where.lease().dividedBy(5), this::leaseOnce);
  }

  private void join(ReplicaHome where) {
    long before = System.nanoTime();
    var registered = replicas.register(where.home(), where.host(), where.pid(), where.lease());
    leaseEndsNanos = before + where.lease().toNanos();
    self = registered;
    int back = replicas.rescuePredecessors(registered);
    if (back > 0) {
      LOG.log(Level.INFO, "took back {0} sessions of an earlier start", back);
    }
    lanes.open(registered);
  }

  private void dispatch() {
    try {
      while (true) {
        var claimed = queue.take();
        var name = "turn-" + claimed.run().turn();
        Thread.ofVirtual().name(name).start(() -> run(claimed));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run(ClaimedTurn claimed) {
    var known = settings.snapshot();
    // Its agent may be newer than what has come to this replica.
    boolean isKnown = known.agent(claimed.agent()).isPresent();
    new TurnRun(claimed, isKnown ? known : settings.latest(), parts).run();
  }

  /**
   * Renews the lease and looks for replicas that did not. Our own lease is measured from before the
   * renewal was sent.
   */
  private void leaseOnce() {
    var me = self;
    var where = home;
    if (me == null || where == null) {
      return;
    }
    long before = System.nanoTime();
    try {
      if (!replicas.renew(me, where.lease())) {
        rejoin(me, where);
      } else if (lapsed) {
        // Nobody took our turns meanwhile. What has come to its end is written, not run again.
        waitWhile(() -> running.size() > 0, where.lease().dividedBy(3));
        rejoin(me, where);
      } else {
        leaseEndsNanos = before + where.lease().toNanos();
      }
      if (replicas.rescueOverdue() > 0) {
        queue.sessionsBecameReady();
      }
    } catch (StoreUnavailable e) {
      LOG.log(Level.DEBUG, "the lease was not renewed: {0}", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * When the lease may have run out, our runs end, because others may have begun them. By the clock
   * alone: where packets are dropped, a renewal hangs for as long as a socket is waited for.
   */
  private void watchLease() {
    if (self != null && !lapsed && System.nanoTime() - leaseEndsNanos > 0) {
      LOG.log(Level.WARNING, "the lease ran out, and the database did not renew it in time");
      lapse();
    }
  }

  /**
   * Ends every run as lost and claims nothing: others may have begun these runs. They may also have
   * had no time to, or be none; then the turns are still ours, and nobody runs them until we join
   * anew and take them back as those of a predecessor.
   */
  private void lapse() {
    lapsed = true;
    queue.pause();
    running.stopAll(new StopCause.HoldLost());
  }

  /**
   * INVARIANT: not after {@link #drain}. A replica that left is not found by its lease keeper
   * either, and would come back to claim turns that nobody runs.
   */
  private void rejoin(Replica me, ReplicaHome where) {
    if (!me.equals(self)) {
      return;
    }
    LOG.log(Level.WARNING, "this replica was taken for dead, or may have been; it joins anew");
    // At once, even while a drain waits. And before the join, which may break off in the middle:
    // then the next round begins it again.
    lapse();
    synchronized (this) {
      if (me.equals(self)) {
        join(where);
        lapsed = false;
      }
    }
  }

  private void timersOnce() {
    while (timers.runOnce()) {
      // As long as there is something to do.
    }
  }

  private void signalsOnce() {
    var me = self;
    if (me == null) {
      return;
    }
    for (RunSignal signal : signals.waiting(me)) {
      StopCause cause =
          signal
              .by()
              .<StopCause>map(StopCause.InterruptedBy::new)
              .orElseGet(StopCause.Cancelled::new);
      running.stop(signal.turn(), cause);
    }
  }

  private void wordsOnce() {
    var me = self;
    if (me != null) {
      talks.round(me);
    }
  }

  /** How many turns run here now. */
  public int runningTurns() {
    return running.size();
  }

  /** How many sessions each lane may run here at once. */
  public int width(LaneId lane) {
    var found = settings.snapshot().lanes().get(lane);
    return found == null ? 0 : found.width();
  }

  /**
   * Stops: claims nothing more, lets runs end within the grace of the settings, then ends the rest
   * and gives back what had no effect yet. Afterwards nothing of this replica runs, and the others
   * need not wait for its lease.
   */
  public synchronized void drain() throws InterruptedException {
    var me = self;
    if (me == null) {
      return;
    }
    queue.pause();
    waitWhile(() -> queue.held() > 0, settings.snapshot().queue().drainGrace());
    running.stopAll(new StopCause.Drained());
    waitWhile(() -> queue.held() > 0, Duration.ofSeconds(15));
    duties.forEach(Duty::stop);
    self = null;
    if (dispatcher != null) {
      dispatcher.interrupt();
    }
    try {
      replicas.leave(me);
    } catch (StoreUnavailable e) {
      LOG.log(Level.WARNING, "left without a word: the database is away");
    }
  }

  private static void waitWhile(BooleanSupplier lasts, Duration atMost)
      throws InterruptedException {
    long end = System.nanoTime() + atMost.toNanos();
    while (lasts.getAsBoolean() && System.nanoTime() - end < 0) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }
}
