package dev.turnout.http;

import io.quarkus.smallrye.openapi.OpenApiFilter;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Publishes times and ids as texts with a format. The framework gives them schemas of their own,
 * from which generators would make types named after Java's.
 */
@OpenApiFilter(stages = OpenApiFilter.RunStage.BUILD)
public final class PlainFormats implements OASFilter {
  private static final String SCHEMAS = "#/components/schemas/";
  private static final Map<String, String> FORMATS = Map.of("Instant", "date-time", "UUID", "uuid");

  @Override
  public @Nullable Schema filterSchema(Schema schema) {
    var reference = schema.getRef();
    if (reference != null && reference.startsWith(SCHEMAS)) {
      var format = FORMATS.get(reference.substring(SCHEMAS.length()));
      if (format != null) {
        schema.setRef(null);
        schema.setType(List.of(Schema.SchemaType.STRING));
        schema.setFormat(format);
        schema.setExamples(null);
      }
    }
    return schema;
  }

  /** Comes after all schemas. */
  @Override
  public void filterOpenAPI(OpenAPI api) {
    FORMATS.keySet().forEach(api.getComponents()::removeSchema);
  }
}
