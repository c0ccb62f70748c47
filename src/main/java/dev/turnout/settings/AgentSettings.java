package dev.turnout.settings;

import dev.turnout.turn.AgentId;
import dev.turnout.turn.Candidate;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An agent: who may answer for it, in which order, and how it is spoken to.
 *
 * @param chain the candidates in the order of preference; never empty
 * @param lastResort those of the chain that are asked in spite of a rest when nobody else is left
 * @param workspace the directory in which its CLI backends work; each session gets a private one
 *     when absent
 * @param historyTurns how many earlier turns a backend without memory is given, at most
 */
public record AgentSettings(
    AgentId id,
    List<Candidate> chain,
    Set<Candidate> lastResort,
    Optional<String> systemPrompt,
    Optional<Path> workspace,
    int historyTurns) {
  public AgentSettings {
    chain = List.copyOf(chain);
    lastResort = Set.copyOf(lastResort);
  }
}
