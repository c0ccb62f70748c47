package dev.turnout.backend.cli;

import dev.turnout.turn.Outside;
import dev.turnout.turn.PermissionOutcome;
import dev.turnout.turn.Question;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** Somebody who notes what is asked, and answers when the test says so. */
final class FakeOutside implements Outside {
  final List<Question> asked = new CopyOnWriteArrayList<>();
  final List<String> withdrawn = new CopyOnWriteArrayList<>();
  private final List<Answer> answers = new ArrayList<>();

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

  synchronized void answer(int question, PermissionOutcome outcome, String reason) {
    answers.add(
        new Answer(
            asked.get(question).id(),
            outcome,
            Optional.of(reason).filter(text -> !text.isEmpty())));
  }
}
