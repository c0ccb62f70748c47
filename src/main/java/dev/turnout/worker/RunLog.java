package dev.turnout.worker;

import dev.turnout.events.EventLog;
import dev.turnout.events.TurnEvent;
import dev.turnout.routing.TurnEventSink;
import dev.turnout.turn.RunRef;
import org.jspecify.annotations.Nullable;

/** The events of one run on their way into the log. */
final class RunLog implements TurnEventSink {
  /** How much of the output is kept for the case that the turn fails: this from either end. */
  private static final int PARTIAL_END = 32_768;

  private final EventLog log;
  private final RunRef run;
  private final Runnable onLost;
  private final StringBuilder start = new StringBuilder();
  private final StringBuilder end = new StringBuilder();
  private long dropped;
  private int effects;
  private EventLog.@Nullable Appended firstEffect;

  RunLog(EventLog log, RunRef run, Runnable onLost) {
    this.log = log;
    this.run = run;
    this.onLost = onLost;
  }

  @Override
  public void accept(TurnEvent event) {
    if (event instanceof TurnEvent.Output(var text)) {
      keep(text);
    }
    if (event instanceof TurnEvent.Restarted) {
      start.setLength(0);
      end.setLength(0);
      dropped = 0;
    }
    boolean first = event.isEffect() && effects == 0;
    if (event.isEffect()) {
      effects++;
    }
    try {
      var appended = log.append(run, event, first);
      if (first) {
        firstEffect = appended;
      }
      if (!(event instanceof TurnEvent.Output)) {
        awaitFirst(); // What acts may go on as soon as we return; words wait for nothing.
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * INVARIANT: the first effect is on disk before anybody sees it, and before its agent is answered
   * or allowed anything. A crashed run is repeated only when no effect is on disk.
   */
  private void awaitFirst() throws InterruptedException {
    var first = firstEffect;
    firstEffect = null;
    if (first != null && !first.await()) {
      onLost.run();
    }
  }

  private void keep(String text) {
    int toStart = Math.min(text.length(), PARTIAL_END - start.length());
    start.append(text, 0, toStart);
    end.append(text, toStart, text.length());
    if (end.length() > 2 * PARTIAL_END) {
      int over = end.length() - PARTIAL_END;
      end.delete(0, over);
      dropped += over;
    }
  }

  @Override
  public int effects() {
    return effects;
  }

  @Override
  public String partial() {
    return dropped == 0
        ? start.toString() + end
        : start + "\n[… " + dropped + " characters left out …]\n" + end;
  }
}
