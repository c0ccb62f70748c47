package dev.turnout.worker;

import dev.turnout.events.EventLog;
import dev.turnout.events.TurnEvent;
import dev.turnout.failure.Failure;
import dev.turnout.failure.FailureReason;
import dev.turnout.queue.ClaimedTurn;
import dev.turnout.queue.Settlement;
import dev.turnout.queue.TurnHistory;
import dev.turnout.queue.TurnQueue;
import dev.turnout.routing.AttemptGate;
import dev.turnout.routing.BackendRouter;
import dev.turnout.routing.RouteRequest;
import dev.turnout.routing.TurnOutcome;
import dev.turnout.settings.AgentSettings;
import dev.turnout.settings.Settings;
import dev.turnout.telemetry.Telemetry;
import dev.turnout.turn.StoreUnavailable;
import dev.turnout.turn.TurnId;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** One run: from the claim of a turn to its settlement, on a thread of its own. */
final class TurnRun implements Runnable {
  private static final Logger LOG = System.getLogger(TurnRun.class.getName());

  private final ClaimedTurn claimed;
  private final Settings settings;
  private final Parts parts;

  /** What every run works with. */
  record Parts(
      TurnQueue queue,
      TurnHistory history,
      EventLog events,
      BackendRouter router,
      RunningTurns running,
      Talks talks,
      Telemetry telemetry,
      Clock clock) {}

  TurnRun(ClaimedTurn claimed, Settings settings, Parts parts) {
    this.claimed = claimed;
    this.settings = settings;
    this.parts = parts;
  }

  @Override
  public void run() {
    var run = claimed.run();
    try (var running = parts.running.enter(run.turn())) {
      var log = new RunLog(parts.events, run, () -> running.stop(new StopCause.HoldLost()));
      Optional<Settlement> settlement = Optional.empty();
      try {
        settlement = settlement(log, running);
      } catch (StoreUnavailable e) {
        var cause = running.finish();
        LOG.log(Level.WARNING, "turn {0}: {1}", run.turn(), e.getMessage());
        settlement = cutOff(cause, log);
      } catch (RuntimeException | Error e) {
        LOG.log(Level.ERROR, "turn " + run.turn() + " broke its run", e);
        running.finish();
        settlement = Optional.of(new Settlement.End(failed(internal(e), List.of(), log.partial())));
      }
      if (settlement.isPresent()) {
        settle(settlement.get());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      parts.events.close(run);
    }
  }

  /** The database left in the middle of it, which is nobody's failure as long as nobody saw it. */
  private Optional<Settlement> cutOff(Optional<StopCause> cause, RunLog log) {
    var aborted = new TurnOutcome.Aborted(List.of(), log.partial());
    return stopped(cause.or(() -> Optional.of(new StopCause.StoreLost())), aborted, log);
  }

  /** How the run ends; empty when the turn is no longer ours to end. */
  private Optional<Settlement> settlement(RunLog log, RunningTurns.Running running) {
    var expired = claimed.expiresAt().filter(end -> !end.isAfter(parts.clock.instant()));
    if (expired.isPresent()) {
      running.finish();
      return Optional.of(new Settlement.End(new TurnEvent.Expired()));
    }
    var unrepeatable = unrepeatable();
    if (unrepeatable.isPresent()) {
      running.finish();
      return Optional.of(new Settlement.End(failed(unrepeatable.get(), List.of(), spoken())));
    }
    parts.talks.notSteered(claimed, log);
    log.accept(new TurnEvent.Started(claimed.runs(), settings.revision()));
    TurnOutcome outcome;
    try (var talk = parts.talks.open(claimed, log)) {
      outcome = route(log, running, talk);
    }
    var cause = running.finish();
    return switch (outcome) {
      case TurnOutcome.Answered(var answer, var attempts) ->
          Optional.of(
              new Settlement.End(new TurnEvent.Succeeded(answer, attempts, settings.revision())));
      case TurnOutcome.Exhausted(var failure, var attempts, var partial) ->
          Optional.of(new Settlement.End(failed(failure, attempts, partial)));
      case TurnOutcome.Aborted aborted -> stopped(cause, aborted, log);
    };
  }

  private TurnOutcome route(RunLog log, AttemptGate gate, Talk talk) {
    var agent = settings.agent(claimed.agent());
    if (agent.isEmpty()) {
      var missing =
          Failure.of(
              FailureReason.BACKEND_CONFIG_MISSING,
              "config.agent",
              "agent " + claimed.agent() + " is no longer configured");
      return new TurnOutcome.Exhausted(missing, List.of(), "");
    }
    var outcome = parts.router.route(request(agent.get(), gate, talk), log);
    parts.telemetry.routed(claimed.lane(), outcome.attempts());
    return outcome;
  }

  private RouteRequest request(AgentSettings agent, AttemptGate gate, Talk talk) {
    return new RouteRequest(
        claimed.run(),
        claimed.seq(),
        claimed.lane(),
        agent,
        settings,
        claimed.choice(),
        claimed.input(),
        since -> parts.history.exchanges(claimed.run().session(), since, agent.historyTurns()),
        gate,
        talk);
  }

  /**
   * Why a turn that an earlier replica had begun is not run again. The dead run may have acted;
   * only its caller can say whether acting twice is harmless.
   */
  private Optional<Failure> unrepeatable() {
    if (claimed.handedTo().isPresent() && mayHaveActed(claimed.handedTo().get())) {
      return Optional.of(
          interrupted(
              "recovery.handed_over",
              "its replica died while its words were on their way into turn "
                  + claimed.handedTo().get()));
    }
    if (claimed.runs() <= 1) {
      return Optional.empty();
    }
    if (claimed.runs() > settings.queueOf(claimed.agent()).maxRuns()) {
      return Optional.of(
          interrupted(
              "recovery.max_runs",
              "it was started " + (claimed.runs() - 1) + " times and never ended"));
    }
    return switch (claimed.recovery()) {
      case ALWAYS -> Optional.empty();
      case NEVER -> Optional.of(interrupted("recovery.never", "its replica died while it ran"));
      case IF_NO_EFFECT ->
          parts.history.effectSeen(claimed.run().turn())
              ? Optional.of(
                  interrupted(
                      "recovery.effect_seen",
                      "its replica died after it had begun to answer or to act"))
              : Optional.empty();
    };
  }

  /** Whether the other turn's agent may have acted on what this one says. */
  private boolean mayHaveActed(TurnId other) {
    return switch (claimed.recovery()) {
      case ALWAYS -> false;
      case NEVER -> true;
      case IF_NO_EFFECT -> parts.history.effectSeen(other);
    };
  }

  private static Failure interrupted(String rule, String why) {
    return Failure.of(FailureReason.INTERRUPTED, rule, "the turn was not run again: " + why);
  }

  /** What the dead run had said. */
  private String spoken() {
    var spoken = new Spoken();
    int after = 0;
    while (true) {
      var page = parts.events.read(claimed.run().turn(), after);
      for (var stored : page.events()) {
        after = stored.n();
        if (stored.event() instanceof TurnEvent.Output(var piece)) {
          spoken.add(piece);
        } else if (stored.event() instanceof TurnEvent.Restarted) {
          spoken.clear();
        }
      }
      if (!page.more()) {
        return spoken.text();
      }
    }
  }

  /** What an interrupted run amounts to, by who interrupted it. */
  private Optional<Settlement> stopped(
      Optional<StopCause> cause, TurnOutcome.Aborted aborted, RunLog log) {
    if (cause.isEmpty()) {
      var unexplained =
          Failure.of(
              FailureReason.INTERNAL, "run.interrupted", "the run was interrupted by nobody");
      return Optional.of(
          new Settlement.End(failed(unexplained, aborted.attempts(), aborted.partial())));
    }
    return switch (cause.get()) {
      case StopCause.Cancelled() ->
          Optional.of(
              new Settlement.End(
                  new TurnEvent.Cancelled(
                      Optional.empty(), aborted.attempts(), aborted.partial())));
      case StopCause.InterruptedBy(var turn) ->
          Optional.of(
              new Settlement.End(
                  new TurnEvent.Cancelled(
                      Optional.of(turn), aborted.attempts(), aborted.partial())));
      case StopCause.Drained() ->
          Optional.of(broughtBack(aborted, log, "recovery.drained", "its replica stopped"));
      case StopCause.StoreLost() ->
          Optional.of(broughtBack(aborted, log, "recovery.store_lost", "the database left"));
      case StopCause.HoldLost() -> Optional.empty();
    };
  }

  /** The same policy as after a crash, only that we were there to see. */
  private Settlement broughtBack(TurnOutcome.Aborted aborted, RunLog log, String rule, String why) {
    boolean again =
        switch (claimed.recovery()) {
          case ALWAYS -> true;
          case NEVER -> false;
          case IF_NO_EFFECT -> log.effects() == 0;
        };
    return again
        ? new Settlement.GiveBack(new TurnEvent.GivenBack(why))
        : new Settlement.End(
            failed(
                interrupted(rule, why + " while it ran"), aborted.attempts(), aborted.partial()));
  }

  private TurnEvent failed(
      Failure failure, List<dev.turnout.turn.Attempt> attempts, String partial) {
    var messages = FailureMessages.of(failure, attempts, settings);
    return new TurnEvent.Failed(
        failure, attempts, partial, settings.revision(), Optional.of(messages));
  }

  private static Failure internal(Throwable e) {
    return Failure.of(
        FailureReason.INTERNAL, "run.broken", "the run broke: " + e.getClass().getSimpleName());
  }

  private void settle(Settlement settlement) throws InterruptedException {
    // INVARIANT: the terminal event is the last one. What the run said before is written first.
    int last = parts.events.flush(claimed.run());
    if (!parts.queue.settle(claimed, settlement, last)) {
      LOG.log(
          Level.WARNING,
          "turn {0} had been taken over: the end of this run counts for nothing",
          claimed.run().turn());
    } else if (settlement instanceof Settlement.End(var event)) {
      count(event);
    }
  }

  private void count(TurnEvent event) {
    var reason =
        event instanceof TurnEvent.Failed failed
            ? Optional.of(failed.failure().reason())
            : Optional.<FailureReason>empty();
    event.end().ifPresent(state -> parts.telemetry.ended(claimed.lane(), state, reason));
  }
}
