package dev.turnout.settings;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.turnout.cooldown.CooldownScope;
import dev.turnout.failure.FailureReason;
import dev.turnout.turn.AgentId;
import dev.turnout.turn.BackendId;
import dev.turnout.turn.LaneId;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A document is read by the names and rules of files, on top of them. */
class SettingsCompilerTest {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(com.fasterxml.jackson.core.json.JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES)
          .enable(com.fasterxml.jackson.core.json.JsonReadFeature.ALLOW_SINGLE_QUOTES)
          .build();

  private static final Map<String, String> FILE =
      Map.of(
          "turnout.queue.session-cap", "50",
          "turnout.backends.sh.kind", "command",
          "turnout.backends.sh.command", "tr",
          "turnout.backends.sh.args[0]", "a-z",
          "turnout.backends.sh.args[1]", "A-Z",
          "turnout.agents.a.chain[0].backend", "sh",
          "turnout.agents.a.chain[0].last-resort", "true",
          "turnout.agents.a.chain[1].backend", "demo",
          "turnout.agents.a.system-prompt", "from ${turnout.queue.session-cap} files");

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static Compilation compile(String document) {
    return SettingsCompiler.of(FILE).compile(7, json(document));
  }

  private static Compilation.Compiled good(String document) {
    return assertInstanceOf(Compilation.Compiled.class, compile(document));
  }

  private static List<SettingFlaw> flaws(String document) {
    return assertInstanceOf(Compilation.Refused.class, compile(document)).flaws();
  }

  private static AgentSettings agent(Compilation.Compiled compiled, String name) {
    return compiled.settings().agent(new AgentId(name)).orElseThrow();
  }

  @Test
  void emptyDocumentIsWhatFilesSay() {
    var settings = good("{}").settings();

    assertEquals(7, settings.revision());
    assertEquals(50, settings.queue().sessionCap());
    assertEquals("from 50 files", agent(good("{}"), "a").systemPrompt().orElseThrow());
  }

  @Test
  void documentWinsAndLeavesTheRest() {
    var settings =
        good("{queue: {'session-cap': 9}, lanes: {extra: {width: 2}}, http: {heartbeat: '3s'}}")
            .settings();

    assertEquals(9, settings.queue().sessionCap());
    assertEquals(3, settings.queue().maxRuns());
    assertEquals(2, requireNonNull(settings.lanes().get(new LaneId("extra"))).width());
    assertEquals(64, requireNonNull(settings.lanes().get(new LaneId("user"))).width());
    assertEquals(Duration.ofSeconds(3), settings.http().heartbeat());
    assertTrue(settings.backend(new BackendId("sh")).isPresent());
  }

  @Test
  void listReplacesTheWholeListBelowIt() {
    var agent = agent(good("{agents: {a: {chain: [{backend: 'sh', model: 'm'}]}}}"), "a");

    assertEquals(List.of("sh/m"), agent.chain().stream().map(Object::toString).toList());
    assertEquals(0, agent.lastResort().size(), "taken from the entry of the file");
    var shell =
        (BackendSettings.Cli)
            good("{backends: {sh: {args: ['x']}}}")
                .settings()
                .backend(new BackendId("sh"))
                .orElseThrow();
    assertEquals(List.of("x"), shell.args());
  }

  @Test
  void textIsTakenAsItIsAndReadsNothingOfTheProcess() {
    var prompt = "costs $5 or ${PATH}, \\${x}, $${y}, a.b, \"q\"";
    var document = JSON.createObjectNode();
    document.putObject("agents").putObject("a").put("system-prompt", prompt);

    var compiled =
        assertInstanceOf(
            Compilation.Compiled.class, SettingsCompiler.of(FILE).compile(2, document));

    assertEquals(prompt, agent(compiled, "a").systemPrompt().orElseThrow());
  }

  @Test
  void namesWithDotsAreNames() {
    var settings =
        good("{agents: {'gpt-4.1': {chain: [{backend: 'b.c'}]}}, backends: {'b.c': {kind:"
                + " 'claude', 'model-aliases': {'x.y/z ~': 'w'}}}}")
            .settings();

    var backend = (BackendSettings.Cli) settings.backend(new BackendId("b.c")).orElseThrow();
    assertEquals(Map.of("x.y/z ~", "w"), backend.modelAliases());
    assertTrue(settings.agent(new AgentId("gpt-4.1")).isPresent());
  }

  @Test
  void rulesAndRestsAreSettings() {
    var settings =
        good("{classification: {rules: [{id: 'acme', when: 'status = 402', reason: 'permission',"
                + " why: 'theirs'}]}, cooldown: {quota: {first: '1m'}, rate_limit: {longest:"
                + " '2m', after: 2}}}")
            .settings();

    assertEquals("acme", settings.rules().rules().getFirst().id());
    var rests = settings.rests();
    assertEquals(CooldownScope.QUOTA, rests.scope(FailureReason.RATE_LIMIT));
    assertEquals(
        2, requireNonNull(rests.reasons().get(FailureReason.RATE_LIMIT)).after().orElseThrow());
  }

  /** Each row: a document, the pointer that must be named, a part of what is said. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          []                                            | ``                          | must be an object
          {turnout: {}}                                 | /turnout                    | is left out here
          {quarkus: {x: 1}}                             | /quarkus                    | needs a restart
          {'data-dir': '/x'}                            | /data-dir                   | cannot change while
          {'bootstrap-key': 'sk-0123456789abcdef'}      | /bootstrap-key              | cannot change while
          {lease: '3s'}                                 | /lease                      | cannot change while
          {worker: false}                               | /worker                     | cannot change while
          {lane: {}}                                    | /lane                       | expected one of [agents,
          {queue: {'session-capp': 1}}                  | /queue/session-capp         | expected one of [busy-mode,
          {queue: {'session-cap': '5'}}                 | /queue/session-cap          | must be a whole number
          {queue: {'busy-mode': 'wait'}}                | /queue/busy-mode            | one of [followup
          {agents: {a: {queue: {'max-runs': 0}}}}       | /agents/a/queue/max-runs    | a number from 1
          {retention: {audit: '29d'}}                   | /retention/audit            | 2592000s or longer
          {messages: {fr: {again: 'Encore.'}}}          | /messages/fr                | one of [en, zh]
          {messages: {en: {agian: 'Again.'}}}           | /messages/en/agian          | is not a text
          {messages: {en: {again_at: 'Soon.'}}}         | /messages/en/again_at       | placeholder {0}
          {messages: {zh: {again: 'At {0}.'}}}          | /messages/zh/again          | no placeholders
          {port: 9000}                                  | /port                       | quarkus.http.port
          {database: {url: 'x'}}                        | /database                   | needs a restart
          {queue: {'session-cap': 1.5}}                 | /queue/session-cap          | must be a whole number
          {queue: {'session-cap': 99999999999}}         | /queue/session-cap          | a whole number
          {queue: {'session-cap': 0}}                   | /queue/session-cap          | a number from 1
          {queue: {'session-cap': null}}                | /queue/session-cap          | must not be null
          {queue: 3}                                    | /queue                      | must be an object
          {fallback: {'retry-budget': 5}}               | /fallback/retry-budget      | must be a time
          {fallback: {'retry-budget': 'soon'}}          | /fallback/retry-budget      | a time such as
          {agents: {x: {}}}                             | /agents/x                   | must say at least one thing
          {agents: {x: {'system-prompt': 'hi'}}}        | /agents/x/chain             | at least one candidate
          {agents: {x: {chain: 'demo'}}}                | /agents/x/chain             | must be an array
          {agents: {x: {chain: [{backend: 'gone'}]}}}   | /agents/x/chain/0/backend   | one of [demo, sh]
          {agents: {'a.b': {chain: [{backend: 'gone'}]}}} | /agents/a.b/chain/0/backend | one of [demo, sh]
          {agents: {'a/b': {chain: [{backend: 'demo'}]}}} | /agents/a~1b              | a name of letters
          {agents: {'a: b': {chain: [{backend: 'demo'}]}}} | /agents/a: b             | a name of letters
          {agents: {x: {chain: [{model: 'm'}]}}}        | /agents/x/chain/0/backend   | expected a value
          {backends: {b: {kind: 'cloude'}}}             | /backends/b/kind            | one of [acp, anthropic,
          {backends: {b: {command: 'x'}}}               | /backends/b/kind            | expected a value
          {backends: {sh: {'base-url': 'http://h'}}}    | /backends/sh/base-url       | has no effect here
          {backends: {sh: {environment: {OPENAI_API_KEY: 'abcdefgh'}}}} | /backends/sh/environment/OPENAI_API_KEY | looks like a secret
          {'auth-profiles': {p: {provider: 'openai', secret: 'sk-live-0123456789'}}} | /auth-profiles/p/secret | looks like a secret
          {'auth-profiles': {p: {provider: 'openai', secret: 'hunter2'}}} | /auth-profiles/p/secret | never the secret itself
          {'default-agent': ''}                         | /default-agent              | must not be empty
          {'default-agent': 'ghost'}                    | /default-agent              | one of [a, demo]
          {'default-agent': 'a\\u0000'}                 | /default-agent              | must not contain NUL
          {classification: {rules: [{id: 'x', when: 'status =', reason: 'billing', why: 'y'}]}} | /classification/rules/0/when | cannot be read
          {classification: {rules: [{id: 'x', when: 'has status', reason: 'billing', why: 'y'}, {id: 'z', when: 'status = 4', reason: 'network', why: 'y'}]}} | /classification/rules/1/when | can never decide
          {cooldown: {refusal: {first: '1m'}}}          | /cooldown/refusal           | one of [
          {cooldown: {service: {after: 0}}}             | /cooldown/service/after     | a number from 1
          {cooldown: {billing: {first: '2h', longest: '1h'}}} | /cooldown/billing     | longer than its longest
          {cooldown: {quota: {longest: '1s'}}}          | /cooldown/quota             | longer than its longest
          {cooldown: {quota: {farthest: '0s'}}}         | /cooldown/quota/farthest    | longer than 0
          """)
  void flawNamesItsPlace(String document, String pointer, String why) {
    var flaws = flaws(document);

    assertEquals(
        List.of(pointer), flaws.stream().map(SettingFlaw::pointer).toList(), flaws::toString);
    assertTrue(flaws.getFirst().why().contains(why), flaws::toString);
    assertFalse(flaws.toString().contains("hunter2") || flaws.toString().contains("0123456789"));
  }

  @Test
  void allFlawsAreToldAtOnce() {
    var pointers =
        flaws(
                "{worker: true, queue: {'max-runs': 0, 'session-cap': 'x'}, agents: {b: {chain:"
                    + " [{backend: 'x'}, {backend: 'y', nodel: 1}]}}, lanes: {l: {width: -1}}}")
            .stream()
            .map(SettingFlaw::pointer)
            .collect(Collectors.toSet());

    assertEquals(
        java.util.Set.of(
            "/worker",
            "/queue/max-runs",
            "/queue/session-cap",
            "/agents/b/chain/0/backend",
            "/agents/b/chain/1/backend",
            "/agents/b/chain/1/nodel",
            "/lanes/l/width"),
        pointers);
  }

  @Test
  void effectiveTellsSourceAndWhatIsHidden() {
    var file = new HashMap<>(FILE);
    file.put("turnout.backends.sh.environment.MY_TOKEN", "${turnout.agents.a.system-prompt}");
    file.put("turnout.backends.sh.environment.API_KEY", "plain-secret");
    var compiled =
        assertInstanceOf(
            Compilation.Compiled.class,
            SettingsCompiler.of(file).compile(7, json("{queue: {'session-cap': 9}}")));
    var effective =
        compiled.effective().get().stream()
            .collect(Collectors.toMap(EffectiveSetting::pointer, setting -> setting));

    var cap = requireNonNull(effective.get("/queue/session-cap"));
    assertEquals("9 from revision 7", cap.value() + " from " + cap.source());
    assertEquals(
        List.of("file: 50", "default: 100"),
        cap.overrides().stream()
            .map(layer -> layer.source().replaceAll("^.*(file).*", "$1") + ": " + layer.value())
            .toList());
    assertEquals("default", requireNonNull(effective.get("/queue/max-runs")).source());
    assertEquals("default", requireNonNull(effective.get("/agents/a/history-turns")).source());
    assertEquals(64, requireNonNull(effective.get("/lanes/user/width")).value().asInt());
    assertFalse(requireNonNull(effective.get("/lease")).changeable());
    assertTrue(cap.changeable());
    assertEquals(
        "${turnout.agents.a.system-prompt}",
        requireNonNull(effective.get("/backends/sh/environment/MY_TOKEN")).value().asText());
    assertFalse(effective.toString().contains("plain-secret"));
  }
}
