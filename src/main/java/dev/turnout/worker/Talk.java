package dev.turnout.worker;

import dev.turnout.events.TurnEvent;
import dev.turnout.failure.StorableText;
import dev.turnout.queue.ClaimedTurn;
import dev.turnout.queue.RunWord;
import dev.turnout.turn.Outside;
import dev.turnout.turn.PermissionOutcome;
import dev.turnout.turn.Question;
import dev.turnout.turn.RunRef;
import dev.turnout.turn.SteerRefusal;
import dev.turnout.turn.TurnId;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What passes between one run and the people outside. The run's thread asks and takes; another one
 * delivers what came, and sees to deadlines. Only the run's thread writes into the log of the turn,
 * which is what keeps its events in order.
 */
final class Talk implements Outside, AutoCloseable {
  private static final List<String> OPTIONS = List.of("allow", "deny");

  private final ClaimedTurn claimed;
  private final RunRef run;
  private final RunLog log;
  private final Talks talks;
  private final Clock clock;
  private final Map<String, Instant> asked = new LinkedHashMap<>();
  private final Map<String, Answer> inbox = new LinkedHashMap<>();
  private final Messages messages = new Messages();
  private final ReentrantLock carrying = new ReentrantLock();
  private boolean everAsked;

  Talk(ClaimedTurn claimed, RunLog log, Talks talks, Clock clock) {
    this.claimed = claimed;
    this.run = claimed.run();
    this.log = log;
    this.talks = talks;
    this.clock = clock;
  }

  RunRef run() {
    return run;
  }

  @Override
  public boolean ask(Question question) {
    var deadline = clock.instant().plus(question.patience());
    synchronized (this) {
      everAsked = true;
      asked.put(question.id(), deadline);
    }
    log.accept(
        new TurnEvent.PermissionAsked(
            question.id(),
            StorableText.of(question.tool()),
            question.kind().map(StorableText::of),
            StorableText.of(question.description()),
            OPTIONS,
            deadline));
    return true;
  }

  @Override
  public void withdraw(String question) {
    boolean wasOpen;
    synchronized (this) {
      wasOpen = asked.remove(question) != null;
      inbox.remove(question);
    }
    if (wasOpen) {
      answered(new Answer(question, PermissionOutcome.WITHDRAWN, Optional.empty()));
    }
  }

  @Override
  public List<Answer> answers() {
    List<Answer> came;
    synchronized (this) {
      if (inbox.isEmpty()) {
        return List.of();
      }
      came = new ArrayList<>(inbox.values());
      inbox.clear();
      came.forEach(answer -> asked.remove(answer.question()));
    }
    came.forEach(this::answered);
    return came;
  }

  private void answered(Answer answer) {
    log.accept(
        new TurnEvent.PermissionAnswered(answer.question(), answer.outcome(), answer.reason()));
  }

  @Override
  public void hears(boolean heard) {
    messages.hears(heard);
  }

  @Override
  public void isDeaf(SteerRefusal why) {
    messages.isDeaf(why);
  }

  @Override
  public List<Message> messages() {
    messages.merged().forEach(turn -> log.accept(new TurnEvent.Steered(turn)));
    return messages.take();
  }

  @Override
  public void took(TurnId message, boolean taken) {
    messages.took(message, taken);
  }

  @Override
  public List<String> said() {
    return messages.said();
  }

  /** What the two turns' callers asked for decides whether one can be told to the other's agent. */
  boolean suits(RunWord.Steering word) {
    return word.agent().equals(claimed.agent()) && word.choice().goesWith(claimed.choice());
  }

  /**
   * Held by whoever moves a message of another turn between the database and this run, so that the
   * end of the run finds none on its way. The run's thread takes it only at that end.
   */
  ReentrantLock carrying() {
    return carrying;
  }

  /** What other turns say to this run. */
  Messages steering() {
    return messages;
  }

  /** Tells the stream of what was taken in last. */
  void tellMerged() {
    messages.merged().forEach(turn -> log.accept(new TurnEvent.Steered(turn)));
  }

  /** A word has come for this run; one that was delivered before is no news. */
  synchronized void deliver(RunWord word) {
    switch (word) {
      case RunWord.Answered(_, var answer) -> {
        if (asked.containsKey(answer.question())) {
          inbox.put(answer.question(), answer);
        }
      }
      case RunWord.Steering(_, var message, _, _) -> messages.deliver(message);
    }
  }

  /** The questions whose time is over and to which no answer has come. */
  synchronized List<String> overdue(Instant now) {
    return asked.entrySet().stream()
        .filter(question -> !question.getValue().isAfter(now))
        .map(Map.Entry::getKey)
        .filter(question -> !inbox.containsKey(question))
        .toList();
  }

  /** Whether anything may have been written for this run. */
  synchronized boolean everAsked() {
    return everAsked;
  }

  @Override
  public void close() {
    talks.closed(this);
  }
}
