package dev.turnout.settings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.smallrye.config.SmallRyeConfig;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.eclipse.microprofile.config.spi.ConfigSource;

/** What is in force, where it comes from and what it hides. */
final class EffectiveSettings {
  static final String DEFAULT = "default";

  private static final String NOT_SHOWN = "(not shown)";

  private final SmallRyeConfig config;
  private final Map<String, EffectiveSetting> found = new TreeMap<>();

  private EffectiveSettings(SmallRyeConfig config) {
    this.config = config;
  }

  /** Of a configuration that holds, sorted by key. */
  static List<EffectiveSetting> of(SmallRyeConfig config) {
    var effective = new EffectiveSettings(config);
    var tree = new Place();
    for (var property : config.getPropertyNames()) {
      if (property.startsWith("turnout.") && !property.contains("*")) {
        tree.add(SettingPath.ofProperty(property).steps());
      }
    }
    SettingsReader.LANES.keySet().forEach(lane -> tree.add(List.of("lanes", lane, "width")));
    effective.collect(SettingPath.ROOT, Shape.ROOT, tree);
    return List.copyOf(effective.found.values());
  }

  /** The names and places that are there, as a tree. */
  private static final class Place {
    private final Map<String, Place> below = new TreeMap<>();

    void add(List<String> steps) {
      var at = this;
      for (var step : steps) {
        at = at.below.computeIfAbsent(step, _ -> new Place());
      }
    }
  }

  private void collect(SettingPath path, Shape shape, Place place) {
    switch (shape) {
      // Its settings have defaults, written or not.
      case Shape.Group(var members) ->
          members.forEach(
              (name, member) ->
                  collect(path.then(name), member, place.below.getOrDefault(name, new Place())));
      case Shape.Entries(var of) ->
          place.below.forEach((name, below) -> collect(path.then(name), of, below));
      case Shape.Items(var of) -> {
        if (place.below.isEmpty()) {
          setting(path, new Shape.Leaf(Shape.Kind.TEXT, Optional.empty()));
        }
        place.below.forEach((name, below) -> collect(path.then(name), of, below));
      }
      case Shape.Leaf leaf -> setting(path, leaf);
    }
  }

  private void setting(SettingPath path, Shape.Leaf leaf) {
    var property = path.property();
    var value = config.getConfigValue(property);
    var layers = new ArrayList<EffectiveSetting.Layer>();
    if (value.getValue() != null && value.getConfigSourceOrdinal() > Integer.MIN_VALUE) {
      layers.add(layer(path, leaf, value.getConfigSourceName(), value.getRawValue()));
    }
    config
        .getConfigSources()
        .forEach(
            source -> {
              var hidden = source.getValue(property);
              if (hidden != null
                  && source.getOrdinal() > Integer.MIN_VALUE
                  && !source.getName().equals(value.getConfigSourceName())) {
                layers.add(layer(path, leaf, source.getName(), hidden));
              }
            });
    byDefault(path, leaf).ifPresent(text -> layers.add(layer(path, leaf, DEFAULT, text)));
    if (layers.isEmpty()) {
      return;
    }
    var top = layers.removeFirst();
    found.put(
        property,
        new EffectiveSetting(
            path.pointer(),
            property,
            top.value(),
            top.source(),
            !DocumentReader.STATIC.containsKey(path.steps().getFirst()),
            layers));
  }

  private static Optional<String> byDefault(SettingPath path, Shape.Leaf leaf) {
    var steps = path.steps();
    if (steps.size() == 3 && steps.getFirst().equals("lanes")) {
      return Optional.ofNullable(SettingsReader.LANES.get(steps.get(1))).map(Object::toString);
    }
    return leaf.byDefault();
  }

  private static EffectiveSetting.Layer layer(
      SettingPath path, Shape.Leaf leaf, String source, String text) {
    var name = path.steps().getLast();
    // References are shown as they are written: what they lead to may be a secret.
    var shown =
        name.equals("bootstrap-key") || DocumentReader.looksSecret(path, text) ? NOT_SHOWN : text;
    return new EffectiveSetting.Layer(source, json(leaf.kind(), shown));
  }

  private static JsonNode json(Shape.Kind kind, String text) {
    var nodes = JsonNodeFactory.instance;
    return switch (kind) {
      case NUMBER ->
          text.matches("-?\\d{1,18}")
              ? nodes.numberNode(Long.parseLong(text))
              : nodes.textNode(text);
      case SWITCH ->
          text.matches("true|false")
              ? nodes.booleanNode(text.equals("true"))
              : nodes.textNode(text);
      case TEXT, TIME -> nodes.textNode(text);
    };
  }

  /** The layers of a configuration, without the one that only holds defaults. */
  static List<ConfigSource> layers(SmallRyeConfig config) {
    var layers = new ArrayList<ConfigSource>();
    config.getConfigSources().forEach(layers::add);
    layers.removeIf(source -> source.getOrdinal() == Integer.MIN_VALUE);
    layers.sort(Comparator.comparingInt(ConfigSource::getOrdinal).reversed());
    return layers;
  }
}
