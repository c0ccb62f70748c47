package dev.turnout.settings;

import dev.turnout.settings.AuthProfileSettings.CredentialKind;
import dev.turnout.settings.AuthProfileSettings.SecretRef;
import dev.turnout.settings.AuthProfileSettings.UsableBy;
import dev.turnout.turn.AgentId;
import dev.turnout.turn.AuthProfileId;
import dev.turnout.turn.BackendId;
import dev.turnout.turn.LaneId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Turns the configuration into settings, or says all that is wrong with it at once. */
final class SettingsReader {
  private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";

  /** An admin's key that nothing slows the guessing of. */
  private static final int SHORTEST_KEY = 16;

  /**
   * The lanes that are always there, with widths that two cores carry: a turn mostly waits for
   * somebody else's computer.
   */
  static final Map<String, Integer> LANES = Map.of("user", 64, "helper", 16, "schedule", 16);

  private final TurnoutConfig config;
  private final Violations violations = new Violations();
  private final LineReader lines = new LineReader(violations);

  private SettingsReader(TurnoutConfig config) {
    this.config = config;
  }

  /**
   * Reads the settings.
   *
   * @throws InvalidSettings when anything does not hold
   */
  static Settings read(TurnoutConfig config) {
    return read(config, 1);
  }

  /**
   * Reads the settings as this revision.
   *
   * @throws InvalidSettings when anything does not hold
   */
  static Settings read(TurnoutConfig config, long revision) {
    return new SettingsReader(config).read(revision);
  }

  private Settings read(long revision) {
    var backends = backends();
    var profiles = profiles();
    var agents = agents(backends, profiles);
    var defaultAgent = new AgentId(config.defaultAgent());
    if (!agents.containsKey(defaultAgent)) {
      violations.add("default-agent", config.defaultAgent(), "one of " + names(agents));
    }
    // The identity room refuses it too, but only when the database is there.
    config
        .bootstrapKey()
        .filter(key -> key.strip().length() < SHORTEST_KEY)
        .ifPresent(
            _ ->
                violations.add(
                    "bootstrap-key", "(not shown)", SHORTEST_KEY + " characters or more"));
    violations.atLeast("lease", config.lease(), Duration.ofSeconds(1));
    // What the process takes from it stands in StartSettings.
    DoorReader.read(config, violations);
    var settings =
        new Settings(
            revision,
            defaultAgent,
            agents,
            backends,
            profiles,
            lanes(),
            lines.queue(config.queue()),
            fallback(),
            decisions(),
            FailureReader.rules(config.classification(), violations),
            FailureReader.rests(config.cooldown(), violations),
            http(),
            EgressReader.read(config.egress(), violations),
            lines.retention(config.retention()),
            MessageReader.read(config.messages(), violations));
    violations.throwIfAny();
    return settings;
  }

  private Map<BackendId, BackendSettings> backends() {
    Map<BackendId, BackendSettings> backends = new HashMap<>();
    var reader = new BackendReader(violations);
    config
        .backends()
        .forEach(
            (name, backend) -> {
              checkName("backends." + name, name);
              reader.read(new BackendId(name), backend).ifPresent(b -> backends.put(b.id(), b));
            });
    // The demo backend is always there, so that a first turn needs no configuration.
    backends.computeIfAbsent(new BackendId("demo"), reader::demo);
    return backends;
  }

  private Map<AuthProfileId, AuthProfileSettings> profiles() {
    Map<AuthProfileId, AuthProfileSettings> profiles = new HashMap<>();
    config
        .authProfiles()
        .forEach(
            (name, profile) -> {
              var key = "auth-profiles." + name;
              checkName(key, name);
              var kind = violations.oneOf(key + ".kind", profile.kind(), CredentialKind.class);
              profile
                  .exposeAs()
                  .ifPresent(variable -> violations.variable(key + ".expose-as", variable));
              violations.atLeast(key + ".weight", profile.weight(), 0);
              var id = new AuthProfileId(name);
              profiles.put(
                  id,
                  new AuthProfileSettings(
                      id,
                      profile.provider(),
                      kind.orElse(CredentialKind.API_KEY),
                      profile.secret().flatMap(text -> secret(key + ".secret", text)),
                      profile.exposeAs(),
                      profile.weight(),
                      runtimes(key + ".runtimes", profile.runtimes().orElse(List.of())),
                      profile.enabled()));
            });
    return profiles;
  }

  private Set<UsableBy> runtimes(String key, List<String> names) {
    var runtimes = EnumSet.noneOf(UsableBy.class);
    names.forEach(n -> violations.oneOf(key, n, UsableBy.class).ifPresent(runtimes::add));
    return runtimes.isEmpty() ? EnumSet.allOf(UsableBy.class) : runtimes;
  }

  /** A secret is never written here, so what does not look like a reference is not repeated. */
  private Optional<SecretRef> secret(String key, String text) {
    if (text.startsWith("env:") && text.substring(4).matches(Violations.VARIABLE)) {
      return Optional.of(new SecretRef.Environment(text.substring(4)));
    }
    if (text.startsWith("file:/")) {
      return Optional.of(new SecretRef.InFile(Path.of(text.substring(5))));
    }
    violations.add(key, "(not shown)", "env:NAME or file:/absolute/path; never the secret itself");
    return Optional.empty();
  }

  private Map<AgentId, AgentSettings> agents(
      Map<BackendId, BackendSettings> backends, Map<AuthProfileId, AuthProfileSettings> profiles) {
    Map<AgentId, AgentSettings> agents = new HashMap<>();
    var chains = new ChainReader(violations, config.backends().keySet(), backends, profiles);
    config
        .agents()
        .forEach(
            (name, agent) -> {
              var key = "agents." + name;
              checkName(key, name);
              var chain = chains.read(key + ".chain", agent.chain());
              if (chain.isEmpty()) {
                violations.add(key + ".chain", "(empty)", "at least one candidate");
              }
              violations.atLeast(key + ".history-turns", agent.historyTurns(), 0);
              var id = new AgentId(name);
              agents.put(
                  id,
                  new AgentSettings(
                      id,
                      chain,
                      fallback(key, agent, chains),
                      agent.systemPrompt(),
                      agent.workspace().flatMap(p -> violations.path(key + ".workspace", p)),
                      agent.historyTurns(),
                      new ToolsReader(violations).rules(key + ".tools", agent.tools()),
                      lines.agent(key + ".queue", agent.queue())));
            });
    agents.computeIfAbsent(
        new AgentId("demo"),
        id ->
            new AgentSettings(
                id,
                ChainReader.demo(),
                AgentFallback.NONE,
                Optional.empty(),
                Optional.empty(),
                50));
    return agents;
  }

  private AgentFallback fallback(String key, TurnoutConfig.Agent agent, ChainReader chains) {
    if (agent.restartAfterTools() && !agent.restartAfterOutput()) {
      // A reader has seen the tools at work, so it has to be ready for a restart anyway.
      violations.add(key + ".restart-after-tools", "true", "restart-after-output to be true too");
    }
    agent.maxAttempts().ifPresent(most -> violations.atLeast(key + ".max-attempts", most, 1));
    agent.retryBudget().ifPresent(b -> violations.notNegative(key + ".retry-budget", b));
    return new AgentFallback(
        chains.read(key + ".context-overflow-chain", agent.contextOverflowChain()),
        chains.read(key + ".content-policy-chain", agent.contentPolicyChain()),
        agent.restartAfterOutput(),
        agent.restartAfterTools(),
        agent.maxAttempts(),
        agent.retryBudget());
  }

  private Map<LaneId, LaneSettings> lanes() {
    Map<LaneId, LaneSettings> lanes = new HashMap<>();
    config
        .lanes()
        .forEach(
            (name, lane) -> {
              checkName("lanes." + name, name);
              violations.atLeast("lanes." + name + ".width", lane.width(), 1);
              lanes.put(new LaneId(name), new LaneSettings(new LaneId(name), lane.width()));
            });
    LANES.forEach(
        (name, width) ->
            lanes.computeIfAbsent(new LaneId(name), id -> new LaneSettings(id, width)));
    return lanes;
  }

  private FallbackSettings fallback() {
    var fallback = config.fallback();
    violations.atLeast("fallback.max-attempts", fallback.maxAttempts(), 1);
    violations.notNegative("fallback.retry-budget", fallback.retryBudget());
    return new FallbackSettings(fallback.maxAttempts(), fallback.retryBudget());
  }

  private HttpSettings http() {
    var http = config.http();
    violations.positive("http.heartbeat", http.heartbeat());
    violations.atLeast("http.streams-per-key", http.streamsPerKey(), 1);
    violations.atLeast("http.streams", http.streams(), 1);
    violations.positive("http.body-timeout", http.bodyTimeout());
    violations.positive("http.slow-reader", http.slowReader());
    var rate = http.rateLimit().perSecond();
    var burst = http.rateLimit().burst();
    rate.ifPresent(n -> violations.atLeast("http.rate-limit.per-second", n, 1));
    burst.ifPresent(n -> violations.atLeast("http.rate-limit.burst", n, 1));
    return new HttpSettings(
        http.heartbeat(),
        rate.map(n -> new HttpSettings.RateLimit(n, burst.orElse(n))),
        http.streamsPerKey(),
        http.streams(),
        http.bodyTimeout(),
        http.slowReader());
  }

  private DecisionSettings decisions() {
    var keep = config.decisions().keep();
    violations.atLeast("decisions.keep", keep, Duration.ofHours(1));
    return new DecisionSettings(keep);
  }

  private void checkName(String key, String name) {
    if (!name.matches(NAME)) {
      violations.add(key, name, "a name of letters, digits, '.', '_' and '-', at most 64 long");
    }
  }

  private static String names(Map<?, ?> map) {
    return map.keySet().stream().map(Object::toString).sorted().toList().toString();
  }
}
