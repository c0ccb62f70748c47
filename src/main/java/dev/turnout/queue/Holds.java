package dev.turnout.queue;

import dev.turnout.turn.LaneId;
import dev.turnout.turn.RunRef;
import dev.turnout.turn.SessionId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * What this process runs: which session under which permit and from which claim batch. Also the
 * hand-over: claimed turns wait here until a worker takes them.
 */
final class Holds {
  private final Map<SessionId, Hold> holds = new HashMap<>();
  private final Map<Long, Integer> openInBatch = new HashMap<>();
  private final List<Long> closedBatches = new ArrayList<>();
  private final LinkedBlockingQueue<ClaimedTurn> toRun = new LinkedBlockingQueue<>();
  private final Set<Long> unanswered = new HashSet<>();
  private long asked;
  private long doubts;
  private long resolved;
  private volatile int replica;

  /**
   * The hold on one session.
   *
   * @param epoch of the run that goes on under it
   * @param lane whose permit it uses
   * @param streak how many turns of the session have followed each other under it
   */
  record Hold(int epoch, long batch, LaneId lane, int streak) {}

  int replica() {
    return replica;
  }

  /** A new incarnation: what the old one held is no longer ours. */
  synchronized void reset(int newReplica) {
    holds.clear();
    openInBatch.clear();
    closedBatches.clear();
    toRun.clear();
    resolved = doubts;
    replica = newReplica;
  }

  synchronized void add(long batch, List<ClaimedTurn> claimed) {
    if (claimed.isEmpty() || claimed.getFirst().run().replica() != replica) {
      return;
    }
    openInBatch.put(batch, claimed.size());
    for (var turn : claimed) {
      holds.put(turn.run().session(), new Hold(turn.run().epoch(), batch, turn.lane(), 1));
      toRun.add(turn);
    }
  }

  /** The session goes on with its next turn under the same permit. */
  synchronized void keep(ClaimedTurn next) {
    var run = next.run();
    var hold = run.replica() == replica ? holds.get(run.session()) : null;
    if (hold != null) {
      holds.put(run.session(), new Hold(run.epoch(), hold.batch(), hold.lane(), hold.streak() + 1));
      toRun.add(next);
    }
  }

  /** The hold under which this very run goes on, if it is not lost. */
  synchronized @Nullable Hold of(RunRef run) {
    var hold = run.replica() == replica ? holds.get(run.session()) : null;
    return hold != null && hold.epoch() == run.epoch() ? hold : null;
  }

  synchronized boolean knows(SessionId session) {
    return holds.containsKey(session);
  }

  synchronized boolean knowsBatch(long batch) {
    return openInBatch.containsKey(batch) || closedBatches.contains(batch);
  }

  /**
   * The session is out of our hands. By then it may be here again under a newer hold: the admission
   * of its next turn needs only the commit that ended this one.
   */
  synchronized void release(SessionId session, Hold ended) {
    holds.remove(session, ended);
    var left = openInBatch.computeIfPresent(ended.batch(), (_, open) -> open - 1);
    if (left != null && left == 0) {
      openInBatch.remove(ended.batch());
      closedBatches.add(ended.batch());
    }
  }

  /**
   * Claim batches of which nothing runs any more, once each.
   *
   * <p>INVARIANT: none while a claim may be lost. A session that was kept by a commit without an
   * answer is in the batch of the turn before, and without that nobody would find it.
   */
  synchronized List<Long> takeClosedBatches(int owner) {
    if (owner != replica || doubts != resolved) {
      return List.of();
    }
    var closed = List.copyOf(closedBatches);
    closedBatches.clear();
    return closed;
  }

  synchronized void giveBackClosedBatches(int owner, List<Long> batches) {
    if (owner == replica) {
      closedBatches.addAll(batches);
    }
  }

  /** A statement is sent whose answer may bring claims; {@link #answered} when they are here. */
  synchronized long ask() {
    asked++;
    unanswered.add(asked);
    return asked;
  }

  synchronized void answered(long ask) {
    unanswered.remove(ask);
  }

  /** How many statements were ever sent. */
  synchronized long asked() {
    return asked;
  }

  /** Whether one of the first so many statements may still bring claims. */
  synchronized boolean awaits(long first) {
    return unanswered.stream().anyMatch(ask -> ask <= first);
  }

  /** A commit may have claimed for us what we do not know of. */
  synchronized void doubt() {
    doubts++;
  }

  synchronized long doubts() {
    return doubts;
  }

  /** So many doubts have come to nothing, or what they were about is put right. */
  synchronized void resolve(long seen) {
    resolved = Math.max(resolved, seen);
  }

  ClaimedTurn take() throws InterruptedException {
    return toRun.take();
  }

  synchronized int size() {
    return holds.size();
  }
}
