package dev.turnout.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.settings.AuthProfileSettings.SecretRef;
import dev.turnout.settings.BackendSettings.Cli;
import dev.turnout.turn.AgentId;
import dev.turnout.turn.AuthProfileId;
import dev.turnout.turn.BackendId;
import dev.turnout.turn.LaneId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsReaderTest {
  @Test
  void nothingIsNeededForTheDemo() {
    var settings = YamlSettings.read("turnout: {}");

    assertEquals(new AgentId("demo"), settings.defaultAgent());
    assertEquals(
        new BackendId("demo"),
        settings.agent(new AgentId("demo")).orElseThrow().chain().getFirst().backend());
    assertEquals(
        new LaneSettings(new LaneId("user"), 64), settings.lanes().get(new LaneId("user")));
    assertEquals(100, settings.queue().sessionCap());
  }

  @Test
  void presetIsTheGroundOfAKnownCli() {
    var settings =
        YamlSettings.read(
            """
            turnout:
              backends:
                mine: {kind: claude, extra-args: [--permission-mode, plan], grace: 7s}
            """);

    var cli = assertInstanceOf(Cli.class, settings.backend(new BackendId("mine")).orElseThrow());
    assertEquals("claude", cli.command());
    assertEquals(List.of("-p", "--output-format"), cli.args().subList(0, 2));
    assertEquals("plan", cli.args().getLast());
    assertEquals(List.of("--resume", "{session}"), cli.resumeArgs());
    assertEquals(Duration.ofSeconds(7), cli.grace());
    assertEquals(Duration.ofMinutes(5), cli.limits().idle());
  }

  @Test
  void secretsAreReadAsReferences() {
    var settings =
        YamlSettings.read(
            """
            turnout:
              auth-profiles:
                a: {provider: anthropic, secret: "env:KEY"}
                b: {provider: openai, kind: token, secret: "file:/run/secrets/key"}
                c: {provider: anthropic, kind: subscription}
            """);

    assertEquals(
        Optional.of(new SecretRef.Environment("KEY")),
        settings.authProfile(new AuthProfileId("a")).orElseThrow().secret());
    assertEquals(
        Optional.of(new SecretRef.InFile(Path.of("/run/secrets/key"))),
        settings.authProfile(new AuthProfileId("b")).orElseThrow().secret());
    assertEquals(
        Optional.empty(), settings.authProfile(new AuthProfileId("c")).orElseThrow().secret());
  }

  @Test
  void everyCredentialOfAnEntryComesBeforeTheNextEntry() {
    var agent =
        YamlSettings.read(
                """
                turnout:
                  backends: {c: {kind: claude}}
                  auth-profiles:
                    one: {provider: anthropic, kind: subscription}
                    two: {provider: anthropic, kind: subscription}
                  agents:
                    a:
                      chain:
                        - {backend: c, model: big, auth-profiles: [one, two]}
                        - {backend: c, model: small, auth-profile: one, last-resort: true}
                """)
            .agent(new AgentId("a"))
            .orElseThrow();

    assertEquals(
        List.of("c/big as one", "c/big as two", "c/small as one"),
        agent.chain().stream().map(Object::toString).toList());
    assertEquals(Set.of(agent.chain().getLast()), agent.lastResort());
  }

  /** Each row: a configuration in one line, the key that must be named, what must be allowed. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          agents: {a: {chain: [{backend: nope}]}}                     | agents.a.chain[0].backend   | one of [demo]
          agents: {a: {chain: [{backend: demo, auth-profile: me}]}}   | agents.a.chain[0].auth-profile | one of []
          agents: {a: {chain: [{backend: demo, auth-profiles: [me]}]}} | agents.a.chain[0].auth-profiles | one of []
          agents: {a: {system-prompt: hi}}                            | agents.a.chain              | at least one candidate
          agents: {a: {chain: [{backend: demo}], workspace: here}}    | agents.a.workspace          | an absolute path
          agents: {a: {chain: [{backend: demo}], history-turns: -1}}  | agents.a.history-turns      | a number from 0
          agents: {"a b": {chain: [{backend: demo}]}}                 | agents.a b                  | a name of letters
          default-agent: ghost                                        | default-agent               | one of [demo]
          backends: {x: {kind: command}}                              | backends.x.command          | the program to run
          backends: {x: {kind: cloude}}                               | backends.x.kind             | one of [acp, anthropic, claude
          backends: {x: {kind: acp}}                                  | backends.x.command          | the program to run
          backends: {x: {kind: claude, prompt: pipe}}                 | backends.x.prompt           | one of [auto, stdin, argument]
          backends: {x: {kind: command, command: tr, output: xml}}    | backends.x.output           | one of [text, json, jsonl]
          backends: {x: {kind: command, command: tr, prompt: argument}} | backends.x.prompt         | {prompt} in one of the args
          backends: {x: {kind: claude, home: there}}                  | backends.x.home             | an absolute path
          backends: {x: {kind: claude, environment: {"A-B": c}}}      | backends.x.environment      | the name of an environment variable
          backends: {x: {kind: openai, base-url: "example.org"}}      | backends.x.base-url         | an http or https URL
          backends: {x: {kind: claude, limits: {idle: 0s}}}           | backends.x.limits.idle      | a time longer than 0
          backends: {x: {kind: claude, grace: -1s}}                   | backends.x.grace            | a time of 0 or longer
          backends: {x: {kind: claude, max-output-bytes: 0}}          | backends.x.max-output-bytes | a number from 1
          backends: {x: {kind: claude, max-history-bytes: -1}}        | backends.x.max-history-bytes | a number from 0
          auth-profiles: {p: {provider: openai, secret: "file:key"}}  | auth-profiles.p.secret      | env:NAME or file:/absolute/path
          auth-profiles: {p: {provider: openai, secret: "env:KEY, file:/key"}} | auth-profiles.p.secret | env:NAME or file:/absolute/path
          auth-profiles: {p: {provider: openai, kind: oauth}}         | auth-profiles.p.kind        | one of [api_key, subscription, token]
          auth-profiles: {p: {provider: openai, expose-as: "1X"}}     | auth-profiles.p.expose-as   | the name of an environment variable
          auth-profiles: {p: {provider: openai, weight: -1}}          | auth-profiles.p.weight      | a number from 0
          auth-profiles: {p: {provider: openai, runtimes: [cli, web]}} | auth-profiles.p.runtimes   | one of [cli, api]
          agents: {a: {chain: [{backend: demo, rotation: dice}]}}     | agents.a.chain[0].rotation  | one of [order, weighted]
          agents: {a: {chain: [{backend: demo}], content-policy-chain: [{backend: no}]}} | agents.a.content-policy-chain[0].backend | one of [demo]
          agents: {a: {chain: [{backend: demo}], context-overflow-chain: [{backend: no}]}} | agents.a.context-overflow-chain[0].backend | one of [demo]
          agents: {a: {chain: [{backend: demo}], restart-after-tools: true}} | agents.a.restart-after-tools | restart-after-output to be true too
          lanes: {user: {width: 0}}                                   | lanes.user.width            | a number from 1
          queue: {session-cap: 0}                                     | queue.session-cap           | a number from 1
          lease: 999ms                                                | lease                       | a time of 1s or longer
          http: {heartbeat: 0s}                                       | http.heartbeat              | a time longer than 0
          """)
  void valueThatDoesNotHoldIsToldWithWhatIsAllowed(String line, String key, String allowed) {
    var violations = YamlSettings.violations("turnout:\n  " + line);

    assertEquals(1, violations.size(), violations::toString);
    assertTrue(violations.getFirst().startsWith("turnout." + key + ": "), violations::toString);
    assertTrue(violations.getFirst().contains("; expected " + allowed), violations::toString);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          backends: {x: {kind: openai, command: codex}}     | backends.x.command       | kind openai is a model API
          backends: {x: {kind: anthropic, fields: {text: a}}} | backends.x.fields      | kind anthropic is a model API
          backends: {x: {kind: codex, base-url: "http://h"}} | backends.x.base-url     | kind codex is a CLI
          backends: {x: {kind: gemini, output: json}}       | backends.x.output        | Turnout knows how kind gemini answers
          backends: {x: {kind: acp, command: a, prompt: stdin}} | backends.x.prompt   | the protocol says it
          backends: {x: {kind: acp, command: a, resume-args: [r]}} | backends.x.resume-args | the protocol says it
          """)
  void settingWithoutEffectIsToldSo(String line, String key, String why) {
    assertEquals(
        List.of("turnout." + key + ": has no effect here; " + why),
        YamlSettings.violations("turnout:\n  " + line));
  }

  @Test
  void secretGivenInClearIsRefusedAndNotRepeated() {
    var violations =
        YamlSettings.violations(
            """
            turnout:
              bootstrap-key: hunter2
              auth-profiles: {p: {provider: anthropic, secret: sk-ant-api03-hunter2}}
            """);

    assertEquals(2, violations.size());
    assertTrue(violations.stream().noneMatch(v -> v.contains("hunter2")), violations::toString);
    assertTrue(violations.getFirst().startsWith("turnout.auth-profiles.p.secret: (not shown)"));
    assertTrue(violations.getLast().startsWith("turnout.bootstrap-key: (not shown)"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {backend: api, auth-profile: key}                   | model
          {backend: api, model: m}                            | auth-profile
          {backend: api, model: m, auth-profile: log-in}      | auth-profile
          {backend: api, model: m, auth-profile: flat-rate}   | auth-profile
          {backend: api, model: m, auth-profile: key}         |
          {backend: with-model, auth-profile: key}            |
          """)
  void modelApiWithoutModelOrKeyIsToldBeforeATurnFailsOfIt(String link, @Nullable String missing) {
    var violations =
        YamlSettings.violations(
            """
            turnout:
              backends:
                api: {kind: anthropic}
                with-model: {kind: openai, default-model: m}
              auth-profiles:
                key: {provider: anthropic, secret: "env:KEY"}
                log-in: {provider: anthropic}
                flat-rate: {provider: anthropic, kind: subscription, secret: "env:TOKEN"}
              agents: {a: {chain: [%s]}}
            """
                .formatted(link));

    assertEquals(
        missing == null ? List.of() : List.of("turnout.agents.a.chain[0]." + missing),
        violations.stream().map(v -> v.substring(0, v.indexOf(": "))).toList());
  }

  @Test
  void profileThatIsNotForARuntimeIsRefusedInEachChainThatUsesItThere() {
    var violations =
        YamlSettings.violations(
            """
            turnout:
              backends: {c: {kind: claude}, a: {kind: anthropic, default-model: m}}
              auth-profiles:
                cli-only: {provider: anthropic, secret: "env:KEY", runtimes: [cli]}
                both: {provider: anthropic, secret: "env:KEY"}
              agents:
                one: {chain: [{backend: c, auth-profile: cli-only}, {backend: a, auth-profiles: [both, cli-only]}]}
                two: {chain: [{backend: a, auth-profile: both}, {backend: c, auth-profiles: [both, both]}]}
            """);

    assertEquals(
        List.of(
            "turnout.agents.one.chain[1].auth-profiles: cli-only is not allowed; expected a profile"
                + " whose runtimes have api, which is what backend a is",
            "turnout.agents.two.chain[1].auth-profiles: [both, both] is not allowed; expected each"
                + " of them once"),
        violations);
  }

  @Test
  void brokenBackendIsBlamedOnceAndNotAgainByItsAgents() {
    var violations =
        YamlSettings.violations(
            """
            turnout:
              backends: {x: {kind: cloude}}
              agents: {a: {chain: [{backend: x}]}}
            """);

    assertEquals(1, violations.size(), violations::toString);
  }
}
