package dev.turnout.worker;

import dev.turnout.events.EventLog;
import dev.turnout.events.TurnEvent;
import dev.turnout.routing.TurnEventSink;
import dev.turnout.turn.RunRef;
import org.jspecify.annotations.Nullable;

/** The events of one run on their way into the log. */
final class RunLog implements TurnEventSink {
  private final EventLog log;
  private final RunRef run;
  private final Runnable onLost;
  private final Spoken spoken = new Spoken();
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
      spoken.add(text);
    }
    if (event instanceof TurnEvent.Restarted) {
      spoken.clear();
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

  @Override
  public int effects() {
    return effects;
  }

  @Override
  public String partial() {
    return spoken.text();
  }
}
