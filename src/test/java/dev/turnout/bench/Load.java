package dev.turnout.bench;

import dev.turnout.queue.NewTurn;
import dev.turnout.turn.AgentId;
import dev.turnout.turn.BusyMode;
import dev.turnout.turn.LaneId;
import dev.turnout.turn.Recovery;
import dev.turnout.turn.RouteChoice;
import dev.turnout.turn.SessionId;
import dev.turnout.turn.TenantId;
import dev.turnout.turn.TurnId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;

/** Callers that ask, wait for the answer, and ask again. */
final class Load {
  /** What a person writes to an agent: the same for every candidate. */
  static final String TEXT =
      "What is the state of the order 4711, and when will the parts for the second machine be here?"
          + " Answer short.";

  private static final LaneId LANE = new LaneId("user");
  private static final AgentId AGENT = new AgentId("demo");

  private Load() {}

  /** One call of one caller. */
  interface Call {
    void run() throws Exception;
  }

  /** Makes the calls of the caller with this number. */
  interface Caller {
    Call open(int number) throws Exception;
  }

  /**
   * What came of it.
   *
   * @param seconds from the first call to the last answer
   * @param micros processor time that was used in all, of the processes that were asked about
   */
  record Result(Latencies latencies, double seconds, double micros) {
    /** Processor time of one call. */
    double microsEach() {
      return micros / latencies.size();
    }

    double perSecond() {
      return latencies.size() / seconds;
    }
  }

  /**
   * Runs a closed loop of so many callers for this long. A call that fails ends everything.
   *
   * @param micros the processor time that counts, so far
   */
  static Result closedLoop(
      ThreadFactory threads, int callers, Duration span, DoubleSupplier micros, Caller caller)
      throws Exception {
    double microsBefore = micros.getAsDouble();
    long start = System.nanoTime();
    long end = start + span.toNanos();
    var tasks = new ArrayList<FutureTask<Latencies>>();
    for (int number = 0; number < callers; number++) {
      var call = caller.open(number);
      Callable<Latencies> loop =
          () -> {
            var latencies = new Latencies();
            for (long now = System.nanoTime(); now < end; ) {
              call.run();
              long after = System.nanoTime();
              latencies.add(after - now);
              now = after;
            }
            return latencies;
          };
      tasks.add(new FutureTask<>(loop));
    }
    tasks.forEach(task -> threads.newThread(task).start());
    var parts = new ArrayList<Latencies>();
    for (var task : tasks) {
      try {
        parts.add(task.get());
      } catch (ExecutionException e) {
        throw new IllegalStateException("a caller failed", e.getCause());
      }
    }
    return new Result(
        Latencies.merge(List.copyOf(parts)),
        (System.nanoTime() - start) / 1e9,
        micros.getAsDouble() - microsBefore);
  }

  /** A new turn of one of these sessions, without an idempotency key. */
  static NewTurn turn(long[] sessions) {
    return turn(one(sessions), TEXT, Optional.empty());
  }

  /** A new turn of one of these sessions whose text carries its number, from 1. */
  static NewTurn ranked(long[] sessions, int rank) {
    return turn(one(sessions), rank + " " + TEXT, Optional.empty());
  }

  /** The number that the text carries. */
  static long rank(String text) {
    return Long.parseLong(text.substring(0, text.indexOf(' ')));
  }

  /** A new turn of one of these sessions, with an idempotency key of its own. */
  static NewTurn keyedTurn(long[] sessions) {
    var key = new NewTurn.IdempotencyKey(TenantId.DEFAULT, randomId().toString(), FINGERPRINT);
    return turn(one(sessions), TEXT, Optional.of(key));
  }

  private static long one(long[] sessions) {
    return sessions[ThreadLocalRandom.current().nextInt(sessions.length)];
  }

  /** As long as a real one. */
  private static final String FINGERPRINT = "0123456789abcdef".repeat(4);

  private static NewTurn turn(long session, String text, Optional<NewTurn.IdempotencyKey> key) {
    return new NewTurn(
        new TurnId(turnId()),
        new SessionId(session),
        AGENT,
        RouteChoice.NONE,
        LANE,
        0,
        Recovery.IF_NO_EFFECT,
        BusyMode.FOLLOWUP,
        text,
        "{}",
        Optional.empty(),
        Optional.empty(),
        1_000_000,
        key);
  }

  /** Ascending like the ids that the intake gives, which are neighbours in their index. */
  private static UUID turnId() {
    var random = randomId();
    long high = (System.currentTimeMillis() << 16) | (7L << 12);
    return new UUID(
        high | (random.getMostSignificantBits() & 0xFFF), random.getLeastSignificantBits());
  }

  /** Random enough, and without the lock of a secure generator. */
  static UUID randomId() {
    var random = ThreadLocalRandom.current();
    return new UUID(random.nextLong(), random.nextLong());
  }
}
