package dev.turnout.telemetry;

import dev.turnout.cooldown.Cooldown;
import dev.turnout.cooldown.CooldownScope;
import dev.turnout.cooldown.Cooldowns;
import dev.turnout.cooldown.Standing;
import dev.turnout.settings.BackendSettings;
import dev.turnout.settings.CurrentSettings;
import dev.turnout.settings.Reach;
import dev.turnout.settings.Settings;
import dev.turnout.turn.BackendId;
import dev.turnout.turn.LaneId;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Cooldowns as gauges. All series are set anew every second, for rests end by the clock; those of
 * cooldowns that are over go with it, so that no panel shows a rest that is none.
 */
@ApplicationScoped
public class CooldownGauges {
  private static final Logger LOG = System.getLogger(CooldownGauges.class.getName());
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private static final int CLOSED = 0;
  private static final int HALF_OPEN = 1;
  private static final int OPEN = 2;

  private final Cooldowns cooldowns;
  private final CurrentSettings settings;
  private final Clock clock;
  private final MultiGauge active;
  private final MultiGauge breakers;
  private @Nullable Thread thread;

  @Inject
  public CooldownGauges(
      MeterRegistry registry, Cooldowns cooldowns, CurrentSettings settings, Clock clock) {
    this.cooldowns = cooldowns;
    this.settings = settings;
    this.clock = clock;
    this.active = gauge(registry, Metric.COOLDOWNS);
    this.breakers = gauge(registry, Metric.BREAKER);
  }

  private static MultiGauge gauge(MeterRegistry registry, Metric metric) {
    return MultiGauge.builder(metric.meter()).description(metric.help()).register(registry);
  }

  /** From now on they follow what rests. */
  public synchronized void start() {
    if (thread == null) {
      thread = Thread.ofVirtual().name("cooldown-gauges").start(this::run);
    }
  }

  /** They stay as they are. */
  public synchronized void stop() {
    if (thread != null) {
      thread.interrupt();
      thread = null;
    }
  }

  private void run() {
    try {
      while (true) {
        try {
          refresh();
        } catch (RuntimeException e) {
          LOG.log(Level.WARNING, "the gauges of cooldowns are behind: {0}", e.getMessage());
        }
        Thread.sleep(PAUSE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Sets all of them to what is now. */
  void refresh() {
    var now = clock.instant();
    var current = settings.snapshot();
    var resting = new HashMap<Tags, Integer>();
    var states = closed(current);
    for (var cooldown : cooldowns.snapshot().all()) {
      if (cooldown.rests(now)) {
        resting.merge(
            Tags.of("scope", cooldown.key().scope().code(), "reason", cooldown.reason().code()),
            1,
            Integer::sum);
      }
      if (cooldown.key().scope() == CooldownScope.SERVICE) {
        // Models of callers share a series: the worst of them shows.
        states.merge(place(cooldown, states), state(cooldown.standing(now)), Math::max);
      }
    }
    active.register(rows(resting), true);
    var byTags = new HashMap<Tags, Integer>();
    states.forEach(
        (place, state) ->
            byTags.put(
                Tags.of("backend", place.backend, "model", place.model, "lane", place.lane),
                state));
    breakers.register(rows(byTags), true);
  }

  private static Iterable<MultiGauge.Row<?>> rows(Map<Tags, Integer> values) {
    Set<MultiGauge.Row<?>> rows = new HashSet<>();
    values.forEach((tags, value) -> rows.add(MultiGauge.Row.of(tags, value)));
    return rows;
  }

  private static int state(Standing standing) {
    return switch (standing) {
      case Standing.Free() -> CLOSED;
      case Standing.ToProbe _ -> HALF_OPEN;
      // Somebody is finding out: its rest as such is over.
      case Standing.Resting(var cooldown, var until) ->
          cooldown.until().filter(until::equals).isPresent() ? OPEN : HALF_OPEN;
    };
  }

  private record Place(String backend, String model, String lane) implements Comparable<Place> {
    @Override
    public int compareTo(Place other) {
      return toString().compareTo(other.toString());
    }
  }

  /** All that are configured, asked as if nothing rested. */
  private static Map<Place, Integer> closed(Settings settings) {
    var states = new TreeMap<Place, Integer>();
    for (var agent : settings.agents().values()) {
      for (var candidate : Reach.of(agent)) {
        var backend = settings.backend(candidate.backend());
        if (backend.isPresent()) {
          var model = candidate.model().or(() -> usual(backend.get())).orElse("");
          for (var lane : settings.lanes().keySet()) {
            states.put(new Place(candidate.backend().value(), model, lane.value()), CLOSED);
          }
        }
      }
    }
    return states;
  }

  private static Optional<String> usual(BackendSettings backend) {
    return switch (backend) {
      case BackendSettings.Cli _ -> Optional.empty();
      case BackendSettings.Api api -> api.defaultModel();
    };
  }

  private Place place(Cooldown cooldown, Map<Place, Integer> configured) {
    var key = cooldown.key();
    var place = new Place(key.backend(), key.model(), key.lane());
    if (configured.containsKey(place)) {
      return place;
    }
    var current = settings.snapshot();
    return new Place(
        current.backend(new BackendId(key.backend())).isPresent() ? key.backend() : Telemetry.OTHER,
        Telemetry.OTHER,
        current.lanes().containsKey(new LaneId(key.lane())) ? key.lane() : Telemetry.OTHER);
  }
}
