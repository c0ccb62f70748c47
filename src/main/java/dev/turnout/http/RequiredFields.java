package dev.turnout.http;

import io.quarkus.smallrye.openapi.OpenApiFilter;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.jboss.jandex.AnnotationInstance;
import org.jboss.jandex.AnnotationTarget;
import org.jboss.jandex.ClassInfo;
import org.jboss.jandex.DotName;
import org.jboss.jandex.IndexView;
import org.jboss.jandex.RecordComponentInfo;
import org.jspecify.annotations.Nullable;

/**
 * Publishes which fields are always there: those of our records that cannot be null. Without it a
 * client made from the description would have to take every field for absent.
 */
@OpenApiFilter(stages = OpenApiFilter.RunStage.BUILD)
public final class RequiredFields implements OASFilter {
  private static final DotName SCHEMA = DotName.createSimple(Schema.class);
  private static final DotName NULLABLE = DotName.createSimple(Nullable.class);
  private static final DotName INCLUSION =
      DotName.createSimple(com.fasterxml.jackson.annotation.JsonInclude.class);
  private static final List<DotName> COLLECTIONS =
      List.of(DotName.createSimple(List.class), DotName.createSimple(Collection.class));

  private final IndexView classes;

  /** The framework gives the classes of the application as they were compiled. */
  public RequiredFields(IndexView classes) {
    this.classes = classes;
  }

  @Override
  public void filterOpenAPI(OpenAPI api) {
    var schemas = api.getComponents().getSchemas();
    for (var annotation : classes.getAnnotations(SCHEMA)) {
      if (annotation.target().kind() == AnnotationTarget.Kind.CLASS) {
        require(annotation, schemas);
      }
    }
  }

  private static void require(
      AnnotationInstance annotation,
      Map<String, org.eclipse.microprofile.openapi.models.media.Schema> schemas) {
    var name = annotation.value("name");
    var schema = name == null ? null : schemas.get(name.asString());
    var type = annotation.target().asClass();
    if (schema != null && type.isRecord()) {
      schema.setRequired(
          type.recordComponents().stream()
              .filter(component -> isAlwaysThere(component, type))
              .map(RecordComponentInfo::name)
              .sorted()
              .toList());
    }
  }

  private static boolean isAlwaysThere(RecordComponentInfo component, ClassInfo type) {
    var inclusion = type.declaredAnnotation(INCLUSION);
    boolean leavesEmptyOut = inclusion != null && inclusion.value().asEnum().equals("NON_EMPTY");
    return !component.type().hasAnnotation(NULLABLE)
        && !(leavesEmptyOut && COLLECTIONS.contains(component.type().name()));
  }
}
