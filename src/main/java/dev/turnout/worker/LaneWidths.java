package dev.turnout.worker;

import dev.turnout.queue.Replica;
import dev.turnout.queue.TurnQueue;
import dev.turnout.settings.CurrentSettings;
import dev.turnout.settings.Settings;
import dev.turnout.turn.LaneId;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells the queue how many sessions of each lane run here at once, as the settings have it now. A
 * lane that is no longer configured keeps a small width while turns wait in it: they were accepted,
 * and nobody else would ever run them.
 */
final class LaneWidths {
  private static final Logger LOG = System.getLogger(LaneWidths.class.getName());

  /** Enough for what was left to end, and little beside what an operator chose. */
  static final int LEFT_OVER = 4;

  /** How often lanes are looked for that nobody configures. */
  private static final long LOOK_NANOS = Duration.ofSeconds(2).toNanos();

  private final TurnQueue queue;
  private final CurrentSettings settings;
  private @Nullable Settings told;
  private Map<LaneId, Integer> widths = Map.of();
  private Set<LaneId> leftOver = Set.of();
  private long lookedAt;
  private boolean looked;

  LaneWidths(TurnQueue queue, CurrentSettings settings) {
    this.queue = queue;
    this.settings = settings;
  }

  /** Begins to claim. */
  synchronized void open(Replica replica) {
    var current = settings.snapshot();
    told = current;
    widths = widths(current);
    looked = false;
    queue.open(replica, widths, current.queue().sessionBurst());
  }

  /** Follows the settings; to be called again and again. */
  synchronized void resize() {
    if (told == null) {
      return;
    }
    var current = settings.snapshot();
    boolean changed = !current.equals(told);
    if (changed || !looked || System.nanoTime() - lookedAt > LOOK_NANOS) {
      lookedAt = System.nanoTime();
      looked = true;
      current = lookForLeftOver(current);
      changed = !current.equals(told);
      var wanted = widths(current);
      if (changed || !wanted.equals(widths)) {
        queue.resize(wanted, current.queue().sessionBurst());
        widths = wanted;
        told = current;
      }
    }
  }

  private Settings lookForLeftOver(Settings known) {
    var waiting = queue.lanesWaiting();
    var current = known.lanes().keySet().containsAll(waiting) ? known : settings.latest();
    waiting.removeAll(current.lanes().keySet());
    if (!waiting.equals(leftOver)) {
      leftOver = Set.copyOf(waiting);
      if (!leftOver.isEmpty()) {
        LOG.log(Level.WARNING, "turns wait in lanes that are not configured: {0}", leftOver);
      }
    }
    return current;
  }

  private Map<LaneId, Integer> widths(Settings current) {
    var all = new HashMap<LaneId, Integer>();
    leftOver.forEach(lane -> all.put(lane, LEFT_OVER));
    current.lanes().values().forEach(lane -> all.put(lane.id(), lane.width()));
    return all;
  }
}
