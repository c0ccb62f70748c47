package dev.turnout.runtimeconfig;

import static dev.turnout.runtimeconfig.ConfigReplica.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.turnout.settings.EffectiveSetting;
import dev.turnout.testing.TestDatabase;
import io.smallrye.config.source.yaml.YamlConfigSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What one installation gives as its document another one takes, and has the same in force. */
@Timeout(60)
class ConfigExportIT {
  private static final Map<String, String> FILES = Map.of("turnout.queue.session-cap", "50");

  private static final String DOCUMENT =
      """
      {agents: {'a.b': {chain: [{backend: 'sh', model: 'm'}, {backend: 'demo'}],
                        'system-prompt': 'Say "yes"\\n: # - {x}', queue: {'busy-mode': 'reject'}}},
       backends: {sh: {kind: 'command', command: 'tr', args: ['a', '{prompt}']}},
       messages: {zh: {again: '请再试。'}},
       cooldown: {billing: {first: '10m'}},
       queue: {'max-runs': 5}}
      """;

  @TempDir private Path directory;
  private TestDatabase database;
  private TestDatabase fresh;
  private ConfigReplica source;

  @BeforeEach
  void start() {
    database = TestDatabase.migrated();
    fresh = TestDatabase.migrated();
    source = new ConfigReplica(database, FILES);
    assertInstanceOf(WriteResult.Written.class, source.patch(DOCUMENT));
  }

  @AfterEach
  void stop() {
    source.close();
    database.close();
    fresh.close();
  }

  private static Map<String, String> values(ConfigReplica replica) {
    var values = new TreeMap<String, String>();
    for (EffectiveSetting setting : replica.config.effective()) {
      values.put(setting.key(), setting.value().asText());
    }
    return values;
  }

  @Test
  void exportOfOneIsTheImportOfAnother() {
    try (var target = new ConfigReplica(fresh, FILES)) {
      // Over the wire it is text.
      var exported = json(source.config.current().document().toString());

      assertInstanceOf(WriteResult.Written.class, target.config.put(target.wish(1), exported));

      assertEquals(source.config.effective(), target.config.effective());
      assertEquals(source.config.snapshot(), target.config.snapshot());
    }
  }

  /** JSON is YAML, so that a document can become the file of a deployment. */
  @Test
  void exportBelowTurnoutIsAFileThatSaysTheSame() throws IOException {
    var file = directory.resolve("turnout.yaml");
    Files.writeString(file, "{\"turnout\":" + source.config.current().document() + "}");
    var all = new TreeMap<>(FILES);
    all.putAll(new YamlConfigSource(file.toUri().toURL()).getProperties());

    try (var target = new ConfigReplica(fresh, all)) {
      assertEquals(source.config.snapshot().agents(), target.config.snapshot().agents());
      var values = values(source);
      assertEquals(values, values(target));
    }
  }
}
