package dev.turnout.intake;

import dev.turnout.queue.AnswerResult;
import dev.turnout.queue.RunWords;
import dev.turnout.queue.TurnHistory;
import dev.turnout.turn.Outside;
import dev.turnout.turn.TenantId;
import dev.turnout.turn.TurnId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** Answers what agents ask, for whoever owns the turn. */
@ApplicationScoped
public class QuestionAnswers {
  private final TurnHistory history;
  private final RunWords words;

  QuestionAnswers(TurnHistory history, RunWords words) {
    this.history = history;
    this.words = words;
  }

  /** Answers a question of this turn; empty when this tenant has no such turn. */
  public Optional<AnswerResult> answer(TenantId tenant, TurnId turn, Outside.Answer answer) {
    return history.find(tenant, turn).map(view -> words.answer(view.id(), answer));
  }
}
