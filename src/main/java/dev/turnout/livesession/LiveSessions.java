package dev.turnout.livesession;

import dev.turnout.livesession.LiveStarts.Outcome;
import dev.turnout.process.LivingProcess;
import dev.turnout.process.Subprocesses;
import dev.turnout.process.Subprocesses.StartResult;
import dev.turnout.turn.BackendId;
import dev.turnout.turn.SessionId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The living processes of this replica. A turn finds its process here, or has one started; when it
 * is over the process waits for the next one of its session.
 */
@ApplicationScoped
public class LiveSessions {
  /** How long a process that has answered its only turn may take to see that its stdin ended. */
  private static final Duration POLITENESS = Duration.ofMillis(500);

  /**
   * How long nobody may have listened to a process whose turn is past its limits. Who runs a turn
   * listens ten times a second; only a store or a pipe that does not move holds it up for longer.
   */
  private static final Duration UNATTENDED = Duration.ofMinutes(1);

  private final OwnerLedger ledger;
  private final Clock clock;
  private final LiveObserver observer;
  private final Survivors survivors;
  private final LiveTable table;
  private final LiveEnds ends;
  private final LivePool pool;
  private final Subprocesses subprocesses = new Subprocesses();
  private final LiveStarts starts;
  private final LiveStock stock;
  private final LiveUpkeep upkeep;

  /** Keeps none yet. */
  @Inject
  public LiveSessions(OwnerLedger ledger, Clock clock, LiveObserver observer) {
    this(ledger, clock, observer, Undertaker.SIGNALS, UNATTENDED);
  }

  /** With another way to end processes, and to call a turn stuck. */
  LiveSessions(
      OwnerLedger ledger,
      Clock clock,
      LiveObserver observer,
      Undertaker undertaker,
      Duration unattended) {
    this.ledger = ledger;
    this.clock = clock;
    this.observer = observer;
    this.survivors = new Survivors(observer);
    this.table = new LiveTable(clock, observer);
    this.ends = new LiveEnds(table, survivors, undertaker);
    this.pool = new LivePool(ledger, table, ends);
    this.starts = new LiveStarts(ledger, pool, subprocesses);
    this.stock = new LiveStock(table, pool, starts, ends);
    this.upkeep = new LiveUpkeep(ends, survivors, unattended);
  }

  /** Looks after them from now on: who has served its time is ended. */
  public void start() {
    pool.open();
    upkeep.rounds.start();
    stock.rounds.start();
  }

  /** Ends all of them, and takes no more turns. */
  public void stop() throws InterruptedException {
    stock.rounds.stop();
    upkeep.rounds.stop();
    pool.close();
  }

  /** One round of looking after them. */
  void lookAfter() {
    upkeep.round();
  }

  /** From now on processes of these kinds are started ahead, and of no others. */
  public void keepWarm(List<WarmOrder> orders) {
    stock.keep(orders);
  }

  /**
   * Gives a session that has no process and no directories yet one that was started ahead, if there
   * is one of this kind. Its first turn then finds it as its own.
   *
   * @param order as {@link WarmOrder#fingerprint}
   */
  public boolean adopt(LiveKey key, Fingerprint order) {
    boolean adopted = pool.adopt(key, order);
    if (adopted) {
      stock.rounds.hurry(); // One is gone: another may be missing.
    }
    return adopted;
  }

  /** One round of starting ahead. */
  void stockUp() {
    stock.round();
  }

  /** Runs a turn in the session's process; starts one if there is none that fits. */
  public LiveTurnOutcome turn(LiveRequest request, LiveExchange exchange) {
    LivePool.Seat seat;
    try {
      seat = pool.seat(request);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new LiveTurnOutcome.Interrupted();
    }
    got(seat).ifPresent(process -> observer.turn(request.key().backend(), process));
    served(seat).ifPresent(session -> tell(exchange, session, seat));
    return switch (seat) {
      case LivePool.Seat.None(var why) -> why;
      case LivePool.Seat.Fresh(var session) ->
          guarded(session, () -> start(session, request, exchange));
      case LivePool.Seat.Taken(var session, var process, _) ->
          guarded(
              session,
              () ->
                  serve(
                      session, speech(session, process, request, exchange, process.stderrBytes())));
    };
  }

  private static Optional<LiveObserver.Got> got(LivePool.Seat seat) {
    return switch (seat) {
      case LivePool.Seat.None(LiveTurnOutcome.NoRoom()) -> Optional.of(LiveObserver.Got.ONE_SHOT);
      case LivePool.Seat.None _ -> Optional.empty();
      case LivePool.Seat.Fresh _ -> Optional.of(LiveObserver.Got.STARTED);
      case LivePool.Seat.Taken(_, _, var first) ->
          Optional.of(first ? LiveObserver.Got.WARM : LiveObserver.Got.KEPT);
    };
  }

  private static Optional<LiveSession> served(LivePool.Seat seat) {
    return switch (seat) {
      case LivePool.Seat.None _ -> Optional.empty();
      case LivePool.Seat.Fresh(var session) -> Optional.of(session);
      case LivePool.Seat.Taken(var session, _, _) -> Optional.of(session);
    };
  }

  private void tell(LiveExchange exchange, LiveSession session, LivePool.Seat seat) {
    got(seat).ifPresent(how -> exchange.servedBy(session.belongings.owner(), how));
  }

  /** Runs a turn in a process of its own, which is gone when this returns. */
  public LiveTurnOutcome alone(LiveRequest request, LiveExchange exchange) {
    try (var belongings = ledger.open("turn")) {
      var launch = request.preparation().prepare(belongings);
      return switch (subprocesses.startLiving(launch.spec())) {
        case StartResult.NotStarted(var message) -> new LiveTurnOutcome.NotStarted(message);
        case StartResult.Started(var process) ->
            alone(process, launch.greeting(), belongings, request, exchange);
      };
    } catch (IOException e) {
      return new LiveTurnOutcome.NotStarted("its files cannot be made: " + e.getMessage());
    }
  }

  private LiveTurnOutcome alone(
      LivingProcess process,
      LiveGreeting greeting,
      Belongings belongings,
      LiveRequest request,
      LiveExchange exchange)
      throws IOException {
    boolean usable = false;
    try {
      belongings.processes(List.of(process.stamp()));
      var speech = new LiveTurn(process, exchange, request.limits(), 0, () -> {});
      var spoken = speech.greet(greeting).orElseGet(speech::speak);
      usable = spoken.usable();
      return spoken.outcome();
    } finally {
      // It has said all that it was asked for; one that does not heed the end of its stdin waits
      // for nobody.
      process.end(usable ? POLITENESS : Duration.ZERO, request.limits().grace());
    }
  }

  /** Something that runs with a session in hand. */
  private interface Step {
    LiveTurnOutcome run();
  }

  /**
   * Whoever listens may break, by an Error too; what the process says then is nobody's any more.
   */
  private LiveTurnOutcome guarded(LiveSession session, Step step) {
    try {
      return step.run();
    } catch (Throwable e) {
      ends.end(session, CloseReason.OUT_OF_STEP);
      throw e;
    }
  }

  private LiveTurn speech(
      LiveSession session,
      LivingProcess process,
      LiveRequest request,
      LiveExchange exchange,
      long stderrBefore) {
    return new LiveTurn(
        process, exchange, request.limits(), stderrBefore, () -> session.heard(clock.instant()));
  }

  private LiveTurnOutcome start(LiveSession session, LiveRequest request, LiveExchange exchange) {
    return switch (starts.start(session, request.preparation())) {
      case Outcome.NotStarted(var message) -> {
        ends.end(session, CloseReason.NOT_STARTED);
        yield new LiveTurnOutcome.NotStarted(message);
      }
      case Outcome.ClosedUnder(var why) -> new LiveTurnOutcome.ClosedUnder(why);
      case Outcome.Running(var process, var greeting) -> {
        // All of its stderr is of this turn, from the first word of its start.
        var speech = speech(session, process, request, exchange, 0);
        var trouble = speech.greet(greeting);
        if (trouble.isPresent()) {
          yield pool.finished(session, trouble.get(), CloseReason.NEVER_READY);
        }
        pool.becameReady(session);
        yield serve(session, speech);
      }
    };
  }

  private LiveTurnOutcome serve(LiveSession session, LiveTurn speech) {
    return pool.finished(session, speech.speak(), CloseReason.DID_NOT_YIELD);
  }

  /** Those that live, and some that have ended lately. */
  public List<LiveView> list() {
    return table.list().stream().map(view -> view.outlivedBy(survivors.of(view.id()))).toList();
  }

  /** One of {@link #list}. */
  public Optional<LiveView> find(String id) {
    return list().stream().filter(view -> view.id().equals(id)).findFirst();
  }

  /**
   * Ends a process, with the turn that runs in it; false when none lives by this id. When this
   * returns it is gone.
   */
  public boolean close(String id) {
    return ends.end(id, CloseReason.CLOSED_BY_ADMIN);
  }

  /** Ends a process after the turn that runs in it; false when none lives by this id. */
  public boolean recycle(String id) {
    return ends.retireAll(live -> live.belongings.owner().equals(id), CloseReason.RECYCLED) > 0;
  }

  /**
   * Ends the processes of a backend: at once those that wait, the others after their turn. How many
   * there are.
   */
  public int recycle(BackendId backend) {
    return ends.retireAll(live -> live.key.backend().equals(backend), CloseReason.RECYCLED);
  }

  /** Ends the processes of a session: at once those that wait, the others after their turn. */
  public void retire(SessionId session, CloseReason why) {
    ends.retireAll(live -> live.key.session().equals(session), why);
  }

  /** Ends the process of this session and backend, if there is one. */
  public void close(LiveKey key, CloseReason why) {
    ends.endAll(session -> session.key.equals(key), why);
  }

  /** Ends all processes of a session. */
  public void close(SessionId session, CloseReason why) {
    ends.endAll(live -> live.key.session().equals(session), why);
  }
}
