package dev.turnout.backend.cli;

import dev.turnout.failure.SecretPatterns;
import dev.turnout.settings.AgentTools;
import dev.turnout.turn.Outside;
import dev.turnout.turn.PermissionOutcome;
import dev.turnout.turn.Question;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;

/**
 * What an agent may do when it asks before it does it: the policy says, or whoever follows the turn
 * is asked. One for each attempt. INVARIANT: each question gets one answer, and what is not allowed
 * by somebody is not allowed.
 */
final class AgentPermissions {
  static final String AGAINST_THE_RULES = "Whoever runs this agent does not allow it.";
  private static final String OVER = "The turn is over.";

  /** Enough to decide by; the events of the turn have the rest. */
  private static final int LONGEST_DESCRIPTION = 500;

  private final AgentTools tools;
  private final Outside outside;
  private final UnaryOperator<String> discretion;
  private final Map<String, Waiting> waiting = new LinkedHashMap<>();

  /** A question that was handed on, by the protocol's id of it. */
  private record Waiting(String protocolId, AgentQuestion.Reply reply) {}

  /**
   * For one attempt.
   *
   * @param discretion takes the attempt's credential out of a text
   */
  AgentPermissions(AgentTools tools, Outside outside, UnaryOperator<String> discretion) {
    this.tools = tools;
    this.outside = outside;
    this.discretion = discretion;
  }

  /** The answer that can be given at once; empty when somebody is asked. */
  Optional<Boolean> decide(AgentQuestion question, AgentQuestion.Reply reply) {
    return switch (tools.decide(question.names())) {
      case ALLOW -> Optional.of(true);
      case DENY -> Optional.of(false);
      case ASK -> {
        var id = UUID.randomUUID().toString();
        var asked =
            new Question(
                id,
                shown(question.tool()),
                question.kind().map(this::shown),
                shown(question.wish()),
                tools.policy().answerWithin());
        if (!outside.ask(asked)) {
          yield Optional.of(false);
        }
        waiting.put(id, new Waiting(question.id(), reply));
        yield Optional.empty();
      }
    };
  }

  private String shown(String text) {
    var clean = SecretPatterns.redact(discretion.apply(text));
    return clean.length() <= LONGEST_DESCRIPTION
        ? clean
        : clean.substring(0, LONGEST_DESCRIPTION) + "…";
  }

  /** Whether the agent waits for somebody. */
  boolean isWaiting() {
    return !waiting.isEmpty();
  }

  /** The lines for the answers that have come since the last call. */
  List<String> answered() {
    if (waiting.isEmpty()) {
      return List.of();
    }
    var lines = new ArrayList<String>();
    for (var answer : outside.answers()) {
      var question = waiting.remove(answer.question());
      if (question != null) {
        lines.add(question.reply().line(answer.allows(), why(answer)));
      }
    }
    return lines;
  }

  private static String why(Outside.Answer answer) {
    return answer.outcome() == PermissionOutcome.EXPIRED
        ? "Nobody answered in time."
        : answer.reason().orElse("Whoever was asked does not allow it.");
  }

  /** The agent itself waits no more for this question of its protocol. */
  void withdrawn(String protocolId) {
    waiting
        .entrySet()
        .removeIf(
            question -> {
              boolean isIt = question.getValue().protocolId().equals(protocolId);
              if (isIt) {
                outside.withdraw(question.getKey());
              }
              return isIt;
            });
  }

  /** Nobody is waited for any more; what the agent is told of its questions. */
  List<String> over() {
    var lines =
        waiting.values().stream().map(question -> question.reply().line(false, OVER)).toList();
    waiting.keySet().forEach(outside::withdraw);
    waiting.clear();
    return lines;
  }
}
