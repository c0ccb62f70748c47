package dev.turnout.settings;

import io.smallrye.config.ConfigSourceInterceptor;
import io.smallrye.config.ConfigSourceInterceptorContext;
import io.smallrye.config.ConfigValue;
import jakarta.annotation.Priority;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The runtime document above all sources. An interceptor and not a source with a high ordinal, for
 * two reasons: a list of the document replaces the whole list below it, and its values are taken as
 * they are, without the expressions that files may hold and that would read this process's
 * environment for whoever may write the document.
 */
@Priority(Integer.MAX_VALUE)
final class DocumentLayer implements ConfigSourceInterceptor {
  private static final long serialVersionUID = 1;

  /** Above the 400 of system properties, for whoever compares. */
  static final int ORDINAL = 500;

  private final transient Map<String, String> properties;
  private final transient Set<String> lists;
  private final String name;

  DocumentLayer(DocumentReader.Reading document, String name) {
    this.properties = document.properties();
    this.lists = document.lists();
    this.name = name;
  }

  @Override
  public @Nullable ConfigValue getValue(ConfigSourceInterceptorContext below, String property) {
    var own = properties.get(property);
    if (own != null) {
      return value(property, own, name, ORDINAL);
    }
    return isReplaced(property) ? byDefault(property) : below.proceed(property);
  }

  private static ConfigValue value(String property, String value, String source, int ordinal) {
    return ConfigValue.builder()
        .withName(property)
        .withValue(value)
        .withRawValue(value)
        .withConfigSourceName(source)
        .withConfigSourceOrdinal(ordinal)
        .build();
  }

  /**
   * The source of defaults lies below those whose lists are replaced, and cannot be asked alone.
   */
  private static @Nullable ConfigValue byDefault(String property) {
    return Shape.at(SettingPath.ofProperty(property)).orElse(null) instanceof Shape.Leaf leaf
            && leaf.byDefault().isPresent()
        ? value(property, leaf.byDefault().get(), EffectiveSettings.DEFAULT, Integer.MIN_VALUE)
        : null;
  }

  @Override
  public Iterator<String> iterateNames(ConfigSourceInterceptorContext below) {
    var names = new LinkedHashSet<>(properties.keySet());
    below
        .iterateNames()
        .forEachRemaining(
            property -> {
              if (!isReplaced(property)) {
                names.add(property);
              }
            });
    return names.iterator();
  }

  /** Whether it belongs to a list that the document has, too. */
  private boolean isReplaced(String property) {
    for (var list : lists) {
      if (property.startsWith(list)
          && (property.length() == list.length() || property.charAt(list.length()) == '[')) {
        return !properties.containsKey(property);
      }
    }
    return false;
  }
}
