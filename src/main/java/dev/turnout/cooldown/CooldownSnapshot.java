package dev.turnout.cooldown;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** All cooldowns as one replica knows them at one moment; never changes. */
public final class CooldownSnapshot {
  public static final CooldownSnapshot EMPTY = new CooldownSnapshot(List.of());

  private final Map<CooldownKey, Cooldown> cooldowns;

  /** Of these cooldowns, which have different keys. */
  public CooldownSnapshot(Collection<Cooldown> cooldowns) {
    this.cooldowns =
        cooldowns.stream().collect(Collectors.toUnmodifiableMap(Cooldown::key, c -> c));
  }

  /** Whether this way may be taken: five looks into a map, however many cooldowns there are. */
  public Standing standing(Way way, Instant now) {
    Standing.Resting longest = null;
    var toProbe = new ArrayList<Cooldown>();
    for (var cooldown : of(way)) {
      switch (cooldown.standing(now)) {
        case Standing.Free() -> {}
        case Standing.ToProbe(var these) -> toProbe.addAll(these);
        case Standing.Resting resting -> {
          if (longest == null || resting.until().isAfter(longest.until())) {
            longest = resting;
          }
        }
      }
    }
    if (longest != null) {
      return longest;
    }
    return toProbe.isEmpty() ? new Standing.Free() : new Standing.ToProbe(toProbe);
  }

  /** Those that concern this way, resting or not. */
  List<Cooldown> of(Way way) {
    if (cooldowns.isEmpty()) {
      return List.of();
    }
    var found = new ArrayList<Cooldown>();
    for (var scope : CooldownScope.values()) {
      find(scope.of(way)).ifPresent(found::add);
    }
    return found;
  }

  /** The cooldown of this key. */
  public Optional<Cooldown> find(CooldownKey key) {
    return Optional.ofNullable(cooldowns.get(key));
  }

  /** All of them. */
  public Collection<Cooldown> all() {
    return cooldowns.values();
  }
}
