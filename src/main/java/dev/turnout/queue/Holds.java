package dev.turnout.queue;

import dev.turnout.turn.LaneId;
import dev.turnout.turn.SessionId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * What this process runs: which session under which permit and from which claim batch. Also the
 * hand-over: claimed turns wait here until a worker takes them.
 */
final class Holds {
  private final Map<SessionId, Hold> holds = new HashMap<>();
  private final Map<Long, Integer> openInBatch = new HashMap<>();
  private final List<Long> closedBatches = new ArrayList<>();
  private final LinkedBlockingQueue<ClaimedTurn> toRun = new LinkedBlockingQueue<>();
  private volatile int replica;

  /**
   * The hold on one session.
   *
   * @param lane whose permit it uses
   * @param streak how many turns of the session have followed each other under it
   */
  record Hold(long batch, LaneId lane, int streak) {}

  int replica() {
    return replica;
  }

  /** A new incarnation: what the old one held is no longer ours. */
  synchronized void reset(int newReplica) {
    holds.clear();
    openInBatch.clear();
    closedBatches.clear();
    toRun.clear();
    replica = newReplica;
  }

  synchronized void add(long batch, List<ClaimedTurn> claimed) {
    if (claimed.isEmpty() || claimed.getFirst().run().replica() != replica) {
      return;
    }
    openInBatch.put(batch, claimed.size());
    for (var turn : claimed) {
      holds.put(turn.run().session(), new Hold(batch, turn.lane(), 1));
      toRun.add(turn);
    }
  }

  /** The session goes on with its next turn under the same permit. */
  synchronized void keep(ClaimedTurn next) {
    holds.computeIfPresent(
        next.run().session(), (_, hold) -> new Hold(hold.batch(), hold.lane(), hold.streak() + 1));
    toRun.add(next);
  }

  synchronized @org.jspecify.annotations.Nullable Hold of(SessionId session) {
    return holds.get(session);
  }

  /**
   * The session is out of our hands. By then it may be here again under a newer hold: the admission
   * of its next turn needs only the commit that ended this one.
   */
  synchronized void release(SessionId session, Hold ended) {
    holds.remove(session, ended);
    if (openInBatch.merge(ended.batch(), -1, Integer::sum) == 0) {
      openInBatch.remove(ended.batch());
      closedBatches.add(ended.batch());
    }
  }

  /** Claim batches of which nothing runs any more, once each. */
  synchronized List<Long> takeClosedBatches() {
    var closed = List.copyOf(closedBatches);
    closedBatches.clear();
    return closed;
  }

  synchronized void giveBackClosedBatches(List<Long> batches) {
    closedBatches.addAll(batches);
  }

  ClaimedTurn take() throws InterruptedException {
    return toRun.take();
  }

  synchronized int size() {
    return holds.size();
  }
}
