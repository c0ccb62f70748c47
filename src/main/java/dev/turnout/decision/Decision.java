package dev.turnout.decision;

import dev.turnout.failure.Failure;
import dev.turnout.failure.SignalFacts;
import dev.turnout.turn.Candidate;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * One step of a turn's route: what was decided, and what came of it.
 *
 * @param at when it was decided
 * @param candidate of whom; absent when the turn was given up
 * @param runtime {@code cli} or {@code api}, where the backend is configured
 * @param outcome what became of the attempt; absent where nobody was asked
 * @param failure of the attempt, of the cooldown that was met, or of the turn that was given up
 * @param took how long the attempt lasted; zero where nobody was asked
 * @param rest the cooldown that was met
 * @param facts what was seen of a failed attempt; what of it can be shown was decided at its door
 * @param next the step after it; absent on the last one
 */
public record Decision(
    Instant at,
    Choice choice,
    Optional<Candidate> candidate,
    Optional<String> runtime,
    Optional<Ending> outcome,
    Optional<Failure> failure,
    Duration took,
    Optional<Rest> rest,
    Optional<SignalFacts> facts,
    Optional<Next> next) {

  /** What was decided. */
  public enum Choice {
    /** To ask the candidate whose turn it was. */
    ASKED,
    /** To ask it alone, to find out whether its rest had helped. */
    PROBED,
    /** To ask the same candidate once more after a pause. */
    RETRIED,
    /** To ask the same candidate once more, as in a new conversation. */
    STARTED_AFRESH,
    /** To ask it in spite of its rest, because nobody else was left. */
    LAST_RESORT,
    /** Not to ask it: it rested, or somebody else was finding out whether it still has to. */
    SKIPPED,
    /** Not to ask it: the operator has put its credential out of use. */
    BARRED,
    /** To ask nobody any more. */
    GIVEN_UP;

    /** The stable snake_case name used in the API and in SQL. */
    public String code() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** The choice with this {@link #code()}. */
    static Choice ofCode(String code) {
      return valueOf(code.toUpperCase(Locale.ROOT));
    }
  }

  /** What became of an attempt. */
  public enum Ending {
    ANSWERED,
    FAILED,
    /** The turn was ended from outside, before the attempt or while it ran. */
    ABORTED;

    /** The stable snake_case name used in the API and in SQL. */
    public String code() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Ending ofCode(String code) {
      return valueOf(code.toUpperCase(Locale.ROOT));
    }
  }

  /** The cooldown that was met; its row may be gone by the time somebody looks. */
  public record Rest(UUID cooldown, Instant until) {}

  /** The step after this one. */
  public record Next(Choice choice, Optional<Candidate> candidate) {}

  /** The HTTP status of a failed attempt, also when a CLI reported it. */
  public Optional<Integer> status() {
    return facts
        .flatMap(seen -> seen.value("status"))
        .filter(text -> text.matches("[1-9]\\d{2}"))
        .map(Integer::valueOf);
  }

  /** This step, now that the one after it is known. */
  public Decision followedBy(Decision after) {
    return new Decision(
        at,
        choice,
        candidate,
        runtime,
        outcome,
        failure,
        took,
        rest,
        facts,
        Optional.of(new Next(after.choice, after.candidate)));
  }
}
