package dev.turnout.settings;

import java.util.List;

/**
 * What an agent's turns may do beside asking the next entry of its chain.
 *
 * @param contextOverflow who is asked, in place of the rest of the chain, after a conversation or a
 *     request was too large; empty when nobody in particular
 * @param contentPolicy the same after the provider or the model would not answer such a thing
 * @param restartAfterOutput whether somebody else may answer anew after a candidate failed that had
 *     begun to speak
 * @param restartAfterTools the same after its tools may have acted
 */
public record AgentFallback(
    List<ChainLink> contextOverflow,
    List<ChainLink> contentPolicy,
    boolean restartAfterOutput,
    boolean restartAfterTools) {
  public static final AgentFallback NONE = new AgentFallback(List.of(), List.of(), false, false);

  public AgentFallback {
    contextOverflow = List.copyOf(contextOverflow);
    contentPolicy = List.copyOf(contentPolicy);
  }
}
