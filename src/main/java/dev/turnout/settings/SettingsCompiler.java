package dev.turnout.settings;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.runtime.configuration.ConfigUtils;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.ConfigProvider;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * Makes settings of a document on top of files and environment, by the same names, types and rules
 * as the start. Holds the files as they were when it was made; make another one to read them anew.
 */
public final class SettingsCompiler {
  private static final Pattern COMMA = Pattern.compile("(?<!\\\\),");

  private final List<ConfigSource> sources;

  private SettingsCompiler(List<ConfigSource> sources) {
    this.sources = List.copyOf(sources);
  }

  /**
   * With what files, environment and system properties of this process say now.
   *
   * @throws InvalidSettings when a file cannot be read, or is not YAML
   */
  public static SettingsCompiler ofThisProcess() {
    var violations = new ArrayList<String>();
    for (var file : files()) {
      try {
        violations.addAll(ConfigurationCheck.fileViolations(file));
      } catch (IOException e) {
        violations.add(file + ": cannot be read");
      }
    }
    if (!violations.isEmpty()) {
      throw new InvalidSettings(violations);
    }
    return new SettingsCompiler(
        EffectiveSettings.layers(ConfigUtils.emptyConfigBuilder().addDiscoveredSources().build()));
  }

  /** With these properties in the place of all files and environment. */
  public static SettingsCompiler of(Map<String, String> properties) {
    return new SettingsCompiler(List.of(new PropertiesConfigSource(properties, "file", 110)));
  }

  /** The YAML files that the operator named, which may change while we run. */
  public static List<Path> files() {
    return ConfigProvider.getConfig()
        .getOptionalValue("smallrye.config.locations", String.class)
        .map(text -> COMMA.splitAsStream(text).flatMap(one -> file(one).stream()).toList())
        .orElse(List.of());
  }

  private static Optional<Path> file(String location) {
    try {
      var uri = URI.create(location.strip().replace("\\,", ","));
      var path = uri.getScheme() == null ? Path.of(location.strip()) : Path.of(uri);
      var name = path.toString();
      return name.endsWith(".yaml") || name.endsWith(".yml") ? Optional.of(path) : Optional.empty();
    } catch (IllegalArgumentException | FileSystemNotFoundException e) {
      return Optional.empty();
    }
  }

  /** The settings that this document makes, as this revision, or all that is wrong with it. */
  public Compilation compile(long revision, JsonNode document) {
    var reading = DocumentReader.read(document);
    var layer = new DocumentLayer(reading, "revision " + revision);
    var violations = ConfigurationCheck.violations(() -> builder(layer));
    if (!reading.flaws().isEmpty() || !violations.isEmpty()) {
      return new Compilation.Refused(flaws(reading, violations));
    }
    var config = builder(layer).withMapping(TurnoutConfig.class).build();
    var settings = SettingsReader.read(config.getConfigMapping(TurnoutConfig.class), revision);
    return new Compilation.Compiled(settings, () -> EffectiveSettings.of(config));
  }

  private SmallRyeConfigBuilder builder(DocumentLayer layer) {
    return ConfigUtils.emptyConfigBuilder().withSources(sources).withInterceptors(layer);
  }

  private List<SettingFlaw> flaws(DocumentReader.Reading reading, List<String> violations) {
    var flaws = new ArrayList<>(reading.flaws());
    var places = new ArrayList<>(reading.paths());
    for (var source : sources) {
      source.getPropertyNames().stream()
          .filter(property -> property.startsWith("turnout."))
          .map(SettingPath::ofProperty)
          .forEach(places::add);
    }
    var finder = new ViolationPlaces(places);
    for (var violation : violations) {
      var flaw = finder.flaw(violation);
      // What the document reader left out is missed further on; that is no second mistake.
      if (reading.flaws().stream().noneMatch(known -> isNear(known.pointer(), flaw.pointer()))) {
        flaws.add(flaw);
      }
    }
    return flaws;
  }

  private static boolean isNear(String one, String other) {
    return one.equals(other) || one.startsWith(other + "/") || other.startsWith(one + "/");
  }
}
