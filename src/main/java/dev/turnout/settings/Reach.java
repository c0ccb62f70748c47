package dev.turnout.settings;

import dev.turnout.turn.AuthProfileId;
import dev.turnout.turn.BackendId;
import dev.turnout.turn.Candidate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Everybody whom a turn can come to. Whoever shows, counts or compares candidates asks here: the
 * chain alone leaves out those that come after a failure of some kind, and those that callers
 * choose.
 */
public final class Reach {
  private Reach() {}

  /** All that this agent is configured with: its chain first, then its chains for some kinds. */
  public static List<Candidate> of(AgentSettings agent) {
    var fallback = agent.fallback();
    var all = new LinkedHashSet<Candidate>();
    Stream.of(agent.links(), fallback.contextOverflow(), fallback.contentPolicy())
        .flatMap(List::stream)
        .forEach(link -> all.addAll(link.candidates()));
    return List.copyOf(all);
  }

  /**
   * All that a caller may choose with this model, whoever the agent is: each backend on its own
   * log-in and with each credential that is in use and may be used there.
   */
  public static List<Candidate> byChoice(Settings settings, Optional<String> model) {
    var all = new ArrayList<Candidate>();
    settings.backends().keySet().stream()
        .sorted(Comparator.comparing(BackendId::value))
        .forEach(
            backend -> {
              all.add(new Candidate(backend, model, Optional.empty()));
              settings.authProfiles().values().stream()
                  .filter(AuthProfileSettings::enabled)
                  .map(AuthProfileSettings::id)
                  .sorted(Comparator.comparing(AuthProfileId::value))
                  .forEach(id -> all.add(new Candidate(backend, model, Optional.of(id))));
            });
    all.removeIf(candidate -> !CandidateCheck.flaws(candidate, settings).isEmpty());
    return all;
  }
}
