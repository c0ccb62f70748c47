package dev.turnout.backend.cli;

import dev.turnout.turn.Outside;
import dev.turnout.turn.PermissionOutcome;
import dev.turnout.turn.Question;
import dev.turnout.turn.SteerRefusal;
import dev.turnout.turn.TurnId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/** Somebody who notes what is asked, and answers when the test says so. */
final class FakeOutside implements Outside {
  final List<Question> asked = new CopyOnWriteArrayList<>();
  final List<String> withdrawn = new CopyOnWriteArrayList<>();
  final List<SteerRefusal> deaf = new CopyOnWriteArrayList<>();
  final List<String> took = new CopyOnWriteArrayList<>();
  private final List<Answer> answers = new ArrayList<>();
  private final List<Message> messages = new ArrayList<>();

  @Override
  public boolean ask(Question question) {
    asked.add(question);
    return true;
  }

  @Override
  public void withdraw(String question) {
    withdrawn.add(question);
  }

  @Override
  public synchronized List<Answer> answers() {
    var came = List.copyOf(answers);
    answers.clear();
    return came;
  }

  @Override
  public void hears(boolean messages) {}

  @Override
  public void isDeaf(SteerRefusal why) {
    deaf.add(why);
  }

  @Override
  public synchronized List<Message> messages() {
    var came = List.copyOf(messages);
    messages.clear();
    return came;
  }

  @Override
  public void took(TurnId message, boolean taken) {
    took.add(message + " " + taken);
  }

  @Override
  public List<String> said() {
    return List.of();
  }

  /** Whether all that was said has been taken away. */
  synchronized boolean isEmpty() {
    return messages.isEmpty();
  }

  /** Another turn says this; its id. */
  synchronized TurnId say(String text) {
    var turn = new TurnId(UUID.randomUUID());
    messages.add(new Message(turn, text));
    return turn;
  }

  synchronized void answer(int question, PermissionOutcome outcome, String reason) {
    answers.add(
        new Answer(
            asked.get(question).id(),
            outcome,
            Optional.of(reason).filter(text -> !text.isEmpty())));
  }
}
