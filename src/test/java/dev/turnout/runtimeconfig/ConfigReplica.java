package dev.turnout.runtimeconfig;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.turnout.news.News;
import dev.turnout.queue.WaitingTurns;
import dev.turnout.settings.SettingsCompiler;
import dev.turnout.testing.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import javax.sql.DataSource;

/** The runtime configuration of one replica, over a test database and a file of its own. */
public final class ConfigReplica implements AutoCloseable {
  public static final Author ANN = new Author(Optional.of(UUID.randomUUID()), "ann");

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES)
          .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES)
          .build();

  public final RuntimeConfig config;
  public final String home = "home-" + UUID.randomUUID();
  final News news;

  /** With these settings in the place of files. */
  public ConfigReplica(TestDatabase database, Map<String, String> properties) {
    this(database, layers(properties));
  }

  /** On these connections. */
  public ConfigReplica(DataSource database, Map<String, String> properties) {
    this(database, layers(properties));
  }

  ConfigReplica(TestDatabase database, RuntimeConfig.Layers layers) {
    this(database.dataSource(""), layers);
  }

  private ConfigReplica(DataSource plain, RuntimeConfig.Layers layers) {
    this.news = new News(plain);
    this.config =
        new RuntimeConfig(plain, news, new WaitingTurns(plain), Clock.systemUTC(), layers);
  }

  private static RuntimeConfig.Layers layers(Map<String, String> properties) {
    return new RuntimeConfig.Layers() {
      @Override
      public SettingsCompiler read() {
        return SettingsCompiler.of(properties);
      }

      @Override
      public List<Path> files() {
        return List.of();
      }
    };
  }

  /** A file of properties that is read anew. */
  static RuntimeConfig.Layers file(Path file) {
    return new RuntimeConfig.Layers() {
      @Override
      public SettingsCompiler read() {
        var properties = new Properties();
        try (var in = Files.newBufferedReader(file)) {
          properties.load(in);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
        var map = new HashMap<String, String>();
        properties.stringPropertyNames().forEach(n -> map.put(n, properties.getProperty(n)));
        return SettingsCompiler.of(map);
      }

      @Override
      public List<Path> files() {
        return List.of(file);
      }
    };
  }

  /** From now on it hears the others. */
  public ConfigReplica start() {
    config.start(new RuntimeConfig.Replica(home, "test", 1));
    return this;
  }

  /** JSON, with names without quotes for the eyes. */
  public static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  RuntimeConfig.Wish wish(long base) {
    return new RuntimeConfig.Wish(ANN, "", base, false, Alongside.NOTHING);
  }

  /** A merge patch of whatever is current. */
  public WriteResult patch(String patch) {
    return config.patch(wish(config.current().number()), json(patch));
  }

  @Override
  public void close() {
    config.stop();
    news.stop();
  }
}
