package dev.turnout.backend.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;

/**
 * An agent asks before it uses a tool.
 *
 * @param id how the agent's protocol knows the question
 * @param names all that the tool may be called in a policy; what the model writes is none of them
 * @param tool what people are told it is
 * @param kind what sort of tool it is, where the agent says
 * @param wish what it wants to do, in the agent's own words
 */
record AgentQuestion(
    String id, List<String> names, String tool, Optional<String> kind, String wish) {

  /** Makes the line that answers it. */
  @FunctionalInterface
  interface Reply {
    /**
     * The answer as the agent understands it.
     *
     * @param why for the agent, when it may not
     */
    String line(boolean allowed, String why);
  }

  /** What a tool is to be called with, as text; a lone text stands for itself. */
  static String wish(JsonNode input) {
    if (input.isMissingNode() || input.isNull()) {
      return "";
    }
    return input.isValueNode() ? input.asText() : input.toString();
  }
}
