package dev.turnout.routing;

import dev.turnout.backend.Backends;
import dev.turnout.backend.ProcessNeed;
import dev.turnout.settings.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** Tells backends which agents' first turns they may have processes ready for. */
@ApplicationScoped
public class WarmUp {
  private final Backends backends;

  WarmUp(Backends backends) {
    this.backends = backends;
  }

  /** By these settings from now on: for each agent the candidate that its chain begins with. */
  public void by(Settings settings) {
    backends.keepWarm(
        settings.agents().values().stream()
            .filter(agent -> !agent.chain().isEmpty())
            .flatMap(agent -> ProcessNeed.of(settings, agent, agent.chain().getFirst()).stream())
            .filter(need -> Permission.missing(settings, need.candidate()).isEmpty())
            .toList());
  }

  /** For nobody any more. */
  public void stop() {
    backends.keepWarm(List.of());
  }
}
