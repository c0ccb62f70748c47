package dev.turnout.settings;

import dev.turnout.turn.AgentId;
import dev.turnout.turn.AuthProfileId;
import dev.turnout.turn.Candidate;
import dev.turnout.turn.RouteChoice;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * An agent: who may answer for it, in which order, and how it is spoken to.
 *
 * @param links its chain in the order of preference; never empty
 * @param workspace the directory in which its CLI backends work; each session gets a private one
 *     when absent
 * @param historyTurns how many earlier turns a backend without memory is given, at most
 * @param tools what becomes of its tools, where that is not left to its backends
 * @param line how its turns wait
 */
public record AgentSettings(
    AgentId id,
    List<ChainLink> links,
    AgentFallback fallback,
    Optional<String> systemPrompt,
    Optional<Path> workspace,
    int historyTurns,
    ToolRules tools,
    AgentLine line) {
  public AgentSettings {
    links = List.copyOf(links);
  }

  /** An agent whose tools are as its backends have them, and whose turns wait like all others. */
  public AgentSettings(
      AgentId id,
      List<ChainLink> links,
      AgentFallback fallback,
      Optional<String> systemPrompt,
      Optional<Path> workspace,
      int historyTurns) {
    this(
        id,
        links,
        fallback,
        systemPrompt,
        workspace,
        historyTurns,
        ToolRules.NONE,
        AgentLine.LIKE_ALL);
  }

  /** An agent whose chain is a plain list of candidates. */
  public AgentSettings(
      AgentId id,
      List<Candidate> chain,
      Set<Candidate> lastResort,
      Optional<String> systemPrompt,
      Optional<Path> workspace,
      int historyTurns) {
    this(
        id,
        chain.stream().map(c -> ChainLink.of(c, lastResort.contains(c))).toList(),
        AgentFallback.NONE,
        systemPrompt,
        workspace,
        historyTurns);
  }

  /** Its candidates in the order of the configuration. */
  public List<Candidate> chain() {
    return links.stream().flatMap(link -> link.candidates().stream()).toList();
  }

  /** Those of the chain that are asked in spite of a rest when nobody else is left. */
  public Set<Candidate> lastResort() {
    return links.stream()
        .filter(ChainLink::lastResort)
        .flatMap(link -> link.candidates().stream())
        .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * Who may answer a turn for which its caller chose this. What a caller chose is kept to: nobody
   * takes its place when it fails.
   *
   * <ul>
   *   <li>a chain: these candidates alone;
   *   <li>a backend: the links of that backend, or the backend by itself where there are none;
   *   <li>a model: the first of these links and those that stand beside it for other credentials,
   *       with this model in place of theirs;
   *   <li>an auth profile: the links that have it, with no other; the first link with it where none
   *       has.
   * </ul>
   */
  public List<ChainLink> linksFor(RouteChoice choice) {
    if (!choice.chain().isEmpty()) {
      var last = lastResort();
      return choice.chain().stream().map(c -> ChainLink.of(c, last.contains(c))).toList();
    }
    return withProfile(withModel(ofBackend(choice), choice), choice.authProfile());
  }

  private List<ChainLink> ofBackend(RouteChoice choice) {
    if (choice.backend().isEmpty()) {
      return links;
    }
    var backend = choice.backend().get();
    var own = links.stream().filter(link -> link.backend().equals(backend)).toList();
    var alone = new Candidate(backend, choice.model(), choice.authProfile());
    return own.isEmpty() ? List.of(ChainLink.of(alone, false)) : own;
  }

  private static List<ChainLink> withModel(List<ChainLink> links, RouteChoice choice) {
    if (choice.model().isEmpty()) {
      return links;
    }
    var first = links.getFirst();
    return links.stream()
        .takeWhile(l -> l.backend().equals(first.backend()) && l.model().equals(first.model()))
        .map(link -> link.withModel(choice.model()))
        .toList();
  }

  private static List<ChainLink> withProfile(
      List<ChainLink> links, Optional<AuthProfileId> profile) {
    if (profile.isEmpty()) {
      return links;
    }
    var having =
        links.stream()
            .filter(link -> link.authProfiles().contains(profile.get()))
            .map(link -> link.withOnly(profile.get()))
            .toList();
    return having.isEmpty() ? List.of(links.getFirst().withOnly(profile.get())) : having;
  }
}
