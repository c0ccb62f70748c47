package dev.turnout.queue;

import dev.turnout.alarm.Alarm;
import dev.turnout.events.TurnEvent;
import dev.turnout.events.TurnEventJson;
import dev.turnout.turn.BusyMode;
import dev.turnout.turn.RunRef;
import dev.turnout.turn.StoreUnavailable;
import dev.turnout.turn.TurnId;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;

/**
 * Lets turns in, many callers in one commit. While one commit is on its way the next batch gathers
 * by itself, so a lone caller waits for nobody.
 */
final class AdmissionPump implements AutoCloseable {
  /** Most turns in one commit; beyond it latency grows and throughput no longer does. */
  private static final int BATCH = 1_000;

  /** How long a caller waits before it hears that the database does not answer. */
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final QueueStore.Held connection;
  private final Clock clock;
  private final Permits permits;
  private final Holds holds;
  private final LinkedBlockingQueue<Waiting> queue;
  private final Runnable onReady;
  private final Thread thread;
  private volatile boolean stopped;

  AdmissionPump(
      DataSource database,
      Clock clock,
      Permits permits,
      Holds holds,
      LinkedBlockingQueue<Waiting> queue,
      Runnable onReady) {
    this.connection = new QueueStore.Held(database);
    this.clock = clock;
    this.permits = permits;
    this.holds = holds;
    this.queue = queue;
    this.onReady = onReady;
    this.thread = Thread.ofPlatform().daemon().name("admission").start(this::run);
  }

  /** A caller who waits for its turn to be let in. */
  static final class Waiting {
    private final NewTurn turn;
    private final CompletableFuture<AdmissionResult> result = new CompletableFuture<>();

    Waiting(NewTurn turn) {
      this.turn = turn;
    }

    AdmissionResult await() throws InterruptedException {
      try (var _ = Alarm.in(PATIENCE, this::giveUp)) {
        return result.get();
      } catch (ExecutionException e) {
        throw new StoreUnavailable(
            "the turn could not be stored", e.getCause() == null ? e : e.getCause());
      }
    }

    private void giveUp() {
      result.completeExceptionally(new TimeoutException("the database did not answer in time"));
    }
  }

  private void run() {
    List<Waiting> asked = new ArrayList<>();
    while (!stopped) {
      asked.clear();
      try {
        asked.add(queue.take());
      } catch (InterruptedException e) {
        return;
      }
      queue.drainTo(asked, BATCH - 1);
      Map<TurnId, Waiting> callers = new HashMap<>();
      var turns = new ArrayList<NewTurn>(asked.size());
      for (var waiting : asked) {
        callers.put(waiting.turn.id(), waiting);
        turns.add(waiting.turn);
      }
      admitAll(turns, callers);
    }
  }

  private void admitAll(List<NewTurn> turns, Map<TurnId, Waiting> callers) {
    List<NewTurn> rest = turns;
    while (!rest.isEmpty()) {
      var left = new ArrayList<NewTurn>();
      var batch = AdmissionBatch.of(withoutTwins(rest, left), left);
      try {
        left.addAll(0, admit(batch, callers));
      } catch (SQLException e) {
        if (QueueStore.isLostRace(e)) {
          left.addAll(0, batch.turns());
        } else {
          refuse(batch, callers, e);
        }
      }
      rest = left;
    }
  }

  /** The same idempotency key twice in one batch: the second has to wait and see the first. */
  private static List<NewTurn> withoutTwins(List<NewTurn> turns, List<NewTurn> left) {
    var keys = new HashSet<>();
    var single = new ArrayList<NewTurn>(turns.size());
    for (var turn : turns) {
      var key = turn.idempotency().map(k -> List.of(k.tenant(), k.key()));
      if (key.isEmpty() || keys.add(key.get())) {
        single.add(turn);
      } else {
        left.add(turn);
      }
    }
    return single;
  }

  /** Admits a batch and answers its callers; returns the turns that have to be asked again. */
  private List<NewTurn> admit(AdmissionBatch batch, Map<TurnId, Waiting> callers)
      throws SQLException {
    // Read once and first, as in StepPump.
    int owner = holds.replica();
    var lines = batch.lines();
    for (var line : lines) {
      line.direct = !line.deferred && permits.take(line.first().lane(), owner);
    }
    boolean[] used = new boolean[lines.size()];
    long ask = holds.ask();
    try {
      var by =
          lines.getFirst().supersedes
              ? Optional.of(lines.getFirst().first().id())
              : Optional.<TurnId>empty();
      var dropped = TurnEventJson.write(new TurnEvent.Dropped(by));
      var answer = batch.admit(connection.get(), owner, clock.instant(), dropped);
      return switch (answer) {
        case AdmissionBatch.Answer.Duplicates(var duplicates) -> {
          var rest = new ArrayList<>(batch.turns());
          for (var duplicate : duplicates) {
            rest.remove(duplicate.turn());
            answer(callers, duplicate.turn(), resultOf(duplicate));
          }
          yield rest;
        }
        case AdmissionBatch.Answer.Admitted admitted -> {
          settle(batch, admitted, owner, used, callers);
          yield List.of();
        }
      };
    } finally {
      holds.answered(ask);
      for (int i = 0; i < used.length; i++) {
        if (lines.get(i).direct && !used[i]) {
          permits.giveBack(lines.get(i).first().lane(), 1, owner);
        }
      }
    }
  }

  private void settle(
      AdmissionBatch batch,
      AdmissionBatch.Answer.Admitted admitted,
      int owner,
      boolean[] used,
      Map<TurnId, Waiting> callers) {
    var lines = batch.lines();
    var toRun = new ArrayList<ClaimedTurn>();
    for (int i = 0; i < lines.size(); i++) {
      var line = lines.get(i);
      var placed = admitted.placed().get(i);
      for (int rank = 0; rank < line.turns.size(); rank++) {
        var turn = line.turns.get(rank);
        answer(
            callers,
            turn,
            rank < placed.accepted()
                ? admitted(turn, admitted.at(), placed, rank)
                : refused(turn, placed));
      }
      if (placed.epoch() > 0) {
        used[i] = true;
        toRun.add(claimed(line.first(), owner, placed.epoch(), placed.first()));
      }
    }
    holds.add(admitted.batch(), toRun);
    if (admitted.readied() > 0) {
      onReady.run();
    }
  }

  private ClaimedTurn claimed(NewTurn turn, int owner, int epoch, long seq) {
    return new ClaimedTurn(
        new RunRef(turn.id(), turn.session(), owner, epoch),
        seq,
        1,
        turn.agent(),
        turn.choice(),
        turn.lane(),
        turn.recovery(),
        turn.input(),
        clock.instant(),
        turn.expiresAt(),
        turn.mode() == BusyMode.STEER,
        Optional.empty());
  }

  private static AdmissionResult resultOf(AdmissionBatch.Duplicate duplicate) {
    boolean same =
        duplicate
            .turn()
            .idempotency()
            .map(key -> key.fingerprint().equals(duplicate.fingerprint()))
            .orElse(false);
    return AdmissionResult.Repeated.of(duplicate.original(), same);
  }

  private static AdmissionResult admitted(
      NewTurn turn, Instant at, AdmissionBatch.Placed placed, int rank) {
    return turn.notBefore().isPresent()
        ? new AdmissionResult.Admitted(turn.id(), at, OptionalLong.empty(), 0, false)
        : new AdmissionResult.Admitted(
            turn.id(),
            at,
            OptionalLong.of(placed.first() + rank),
            placed.ahead() + rank,
            placed.epoch() > 0 && rank == 0);
  }

  private static AdmissionResult refused(NewTurn turn, AdmissionBatch.Placed placed) {
    if (placed.accepted() < 0) {
      return new AdmissionResult.NoSession();
    }
    return switch (turn.mode()) {
      case REJECT -> new AdmissionResult.Busy();
      case FOLLOWUP, STEER, INTERRUPT -> new AdmissionResult.Full(turn.cap());
    };
  }

  private static void answer(Map<TurnId, Waiting> callers, NewTurn turn, AdmissionResult result) {
    var waiting = callers.get(turn.id());
    if (waiting != null) {
      waiting.result.complete(result);
    }
  }

  /** One turn must not take others down with it: a refused batch is tried again turn by turn. */
  private void refuse(AdmissionBatch batch, Map<TurnId, Waiting> callers, SQLException cause) {
    connection.drop();
    boolean ofTheData = cause.getSQLState() != null && cause.getSQLState().startsWith("22");
    if (ofTheData && batch.turns().size() > 1) {
      for (var turn : batch.turns()) {
        admitAll(List.of(turn), callers);
      }
      return;
    }
    if (!ofTheData) {
      holds.doubt();
    }
    for (var turn : batch.turns()) {
      var waiting = callers.get(turn.id());
      if (waiting != null) {
        waiting.result.completeExceptionally(cause);
      }
    }
  }

  @Override
  public void close() {
    stopped = true;
    thread.interrupt();
  }
}
