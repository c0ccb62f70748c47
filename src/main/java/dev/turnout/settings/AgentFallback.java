package dev.turnout.settings;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What an agent's turns may do beside asking the next entry of its chain.
 *
 * @param contextOverflow who is asked, in place of the rest of the chain, after a conversation or a
 *     request was too large; empty when nobody in particular
 * @param contentPolicy the same after the provider or the model would not answer such a thing
 * @param restartAfterOutput whether somebody else may answer anew after a candidate failed that had
 *     begun to speak
 * @param restartAfterTools the same after its tools may have acted
 * @param maxAttempts in the place of {@link FallbackSettings#maxAttempts}
 * @param retryBudget in the place of {@link FallbackSettings#retryBudget}
 */
public record AgentFallback(
    List<ChainLink> contextOverflow,
    List<ChainLink> contentPolicy,
    boolean restartAfterOutput,
    boolean restartAfterTools,
    Optional<Integer> maxAttempts,
    Optional<Duration> retryBudget) {
  public static final AgentFallback NONE =
      new AgentFallback(List.of(), List.of(), false, false, Optional.empty(), Optional.empty());

  public AgentFallback {
    contextOverflow = List.copyOf(contextOverflow);
    contentPolicy = List.copyOf(contentPolicy);
  }

  /** How far a turn of this agent goes, where these are the limits of all. */
  public FallbackSettings limits(FallbackSettings all) {
    return new FallbackSettings(
        maxAttempts.orElseGet(all::maxAttempts), retryBudget.orElseGet(all::retryBudget));
  }
}
