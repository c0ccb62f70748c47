package dev.turnout.worker;

import dev.turnout.events.TurnEvent;
import dev.turnout.queue.AnswerResult;
import dev.turnout.queue.ClaimedTurn;
import dev.turnout.queue.Replica;
import dev.turnout.queue.RunWord;
import dev.turnout.queue.RunWords;
import dev.turnout.turn.Outside;
import dev.turnout.turn.PermissionOutcome;
import dev.turnout.turn.SteerRefusal;
import dev.turnout.turn.StoreUnavailable;
import dev.turnout.turn.TurnId;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The runs of this replica that can be spoken to, and the carrying of words to them. */
final class Talks {
  private static final Logger LOG = System.getLogger(Talks.class.getName());

  /** How long a deadline waits for a database that is away until the answer is no without it. */
  private static final Duration WITHOUT_DATABASE = Duration.ofSeconds(10);

  private final RunWords words;
  private final Clock clock;
  private final Map<TurnId, Talk> open = new ConcurrentHashMap<>();

  Talks(RunWords words, Clock clock) {
    this.words = words;
    this.clock = clock;
  }

  /** The talk of a run that begins. */
  Talk open(ClaimedTurn claimed, RunLog log) {
    var talk = new Talk(claimed, log, this, clock);
    if (claimed.runs() > 1) {
      // What a dead run asked is answered by nobody any more, and its stream says so.
      words
          .openQuestions(claimed.run().turn())
          .forEach(
              question ->
                  log.accept(
                      new TurnEvent.PermissionAnswered(
                          question, PermissionOutcome.WITHDRAWN, Optional.empty())));
    }
    open.put(claimed.run().turn(), talk);
    return talk;
  }

  /**
   * A turn that asked to be taken into another one runs by itself, and says so unless it was told.
   */
  void notSteered(ClaimedTurn claimed, RunLog log) {
    if (claimed.steer()) {
      words
          .passedOver(claimed.run().turn())
          .ifPresent(why -> log.accept(new TurnEvent.NotSteered(Optional.empty(), why)));
    }
  }

  void closed(Talk talk) {
    open.remove(talk.run().turn(), talk);
    endSteering(talk);
    if (talk.everAsked()) {
      try {
        words.forget(talk.run().replica(), talk.run().turn());
      } catch (StoreUnavailable e) {
        // It goes with this replica's registration; the events of the turn say the same.
        LOG.log(Level.DEBUG, "turn {0}: {1}", talk.run().turn(), e.getMessage());
      }
    }
  }

  /**
   * The run makes no attempt any more. What it was handed and has not said goes back into the line.
   * What cannot be written now is judged as after a crash, by {@code handed_to}.
   */
  private void endSteering(Talk talk) {
    talk.carrying().lock();
    try {
      writeOutcome(talk);
      talk.steering()
          .unsaid()
          .ifPresent(
              message -> words.takeBack(message.turn(), talk.run(), SteerRefusal.TURN_ENDING));
      talk.tellMerged();
    } catch (StoreUnavailable e) {
      LOG.log(Level.WARNING, "turn {0}: {1}", talk.run().turn(), e.getMessage());
    } finally {
      talk.carrying().unlock();
    }
  }

  /**
   * Does something with the messages of a run that is not over; one lock each, for runs are many.
   */
  private void whileOpen(Talk talk, Runnable step) {
    talk.carrying().lock();
    try {
      if (open.get(talk.run().turn()) == talk) {
        step.run();
      }
    } finally {
      talk.carrying().unlock();
    }
  }

  private void writeOutcome(Talk talk) {
    var steering = talk.steering();
    steering
        .outcome()
        .ifPresent(
            outcome -> {
              var turn = outcome.message().turn();
              steering.settled(
                  outcome.taken()
                      ? words.absorb(turn, talk.run())
                      : words.takeBack(turn, talk.run(), SteerRefusal.REFUSED));
            });
  }

  private void steer(Talk talk, RunWord.Steering word) {
    var steering = talk.steering();
    var turn = word.message().turn();
    var refusal = talk.suits(word) ? steering.refusal() : Optional.of(SteerRefusal.OTHER_CANDIDATE);
    if (refusal.isPresent()) {
      steering.refused();
      words.takeBack(turn, talk.run(), refusal.get());
    } else if (steering.isFree() && words.handOver(turn, talk.run())) {
      // INVARIANT: only now may it be said. Whoever finds handed_to knows that it may have been.
      talk.deliver(word);
    }
  }

  /** Carries what waits in the database to the runs, and ends the waiting that lasts too long. */
  synchronized void round(Replica self) {
    if (open.isEmpty()) {
      return;
    }
    var now = clock.instant();
    try {
      open.values().forEach(talk -> whileOpen(talk, () -> writeOutcome(talk)));
      for (RunWord word : words.waiting(self)) {
        var talk = open.get(word.turn());
        if (talk != null) {
          switch (word) {
            case RunWord.Answered answered -> talk.deliver(answered);
            case RunWord.Steering steering -> whileOpen(talk, () -> steer(talk, steering));
          }
        }
      }
      open.values().forEach(talk -> talk.overdue(now).forEach(question -> expire(talk, question)));
    } catch (StoreUnavailable e) {
      open.values().forEach(talk -> expireWithoutDatabase(talk, now));
      throw e;
    }
  }

  /**
   * The deadline answers as everybody does, so that it and a person cannot both have been the
   * first.
   */
  private void expire(Talk talk, String question) {
    var no = expired(question);
    var result = words.answer(talk.run().turn(), no);
    // The event of the question may not be on disk yet; another answer comes in the next round.
    if (result == AnswerResult.TOLD || result == AnswerResult.OVER) {
      talk.deliver(new RunWord.Answered(talk.run().turn(), no));
    }
  }

  private static void expireWithoutDatabase(Talk talk, Instant now) {
    talk.overdue(now.minus(WITHOUT_DATABASE))
        .forEach(q -> talk.deliver(new RunWord.Answered(talk.run().turn(), expired(q))));
  }

  private static Outside.Answer expired(String question) {
    return new Outside.Answer(question, PermissionOutcome.EXPIRED, Optional.empty());
  }
}
