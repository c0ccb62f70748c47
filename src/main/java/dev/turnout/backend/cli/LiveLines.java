package dev.turnout.backend.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turnout.livesession.LiveGreeting;
import java.util.List;
import java.util.Optional;

/** How a dialect speaks of one turn with a process that lives on. One for each turn. */
interface LiveLines {
  /** How a process is greeted that is started for this turn; not called when it lives already. */
  LiveGreeting greeting();

  /**
   * Which MCP servers the agent has, told before the greeting of a process that is started for this
   * turn. For protocols that name them; others have files and arguments.
   */
  default void serves(List<AcpServer> servers) {}

  /** The line that begins the turn, with its break. */
  String input(String prompt);

  /** The line that asks the process to let the turn go. */
  Optional<String> interruption();

  /** Whether the process can be told more of this turn now. */
  default boolean canBeSteered() {
    return false;
  }

  /** The line that tells it more; asked for only when it {@link #canBeSteered}. */
  default String steer(String id, String text) {
    throw new IllegalStateException("this dialect has no words for it");
  }

  /** What a line of the process is to this turn. */
  Meaning of(JsonNode line);

  /**
   * The answer that refuses what a line asks for that came before the turn began; empty when it
   * asks for nothing.
   */
  default Optional<String> unasked(JsonNode line) {
    return JsonRpc.isRequest(line)
        ? Optional.of(JsonRpc.refusal(line, "nobody is there to be asked"))
        : Optional.empty();
  }

  /** What a line is. */
  sealed interface Meaning {
    /** Part of the turn; its reader understands it. */
    record Part() implements Meaning {}

    /** Not for the reader: of another turn, or of the protocol itself. */
    record Aside() implements Meaning {}

    /** A question of the process, which waits for this answer. */
    record Question(String answer) implements Meaning {}

    /** The agent asks whether it may use a tool, and waits until it is told. */
    record Asks(AgentQuestion question, AgentQuestion.Reply reply) implements Meaning {}

    /** The agent no longer waits for the answer to this question. */
    record Withdraws(String question) implements Meaning {}

    /** What became of what it was told while it worked. */
    record Steered(String id, boolean taken) implements Meaning {}

    /** The last line of the turn. */
    record End() implements Meaning {}
  }
}
