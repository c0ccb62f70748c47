package dev.turnout.http;

import io.quarkus.smallrye.openapi.OpenApiFilter;
import java.util.List;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;

/** Adds to each published call the problems that every call can answer with. */
@OpenApiFilter(stages = OpenApiFilter.RunStage.BUILD)
public final class ProblemResponses implements OASFilter {
  private static final List<String> EVERYWHERE = List.of("400", "401", "403", "500", "503");

  @Override
  public void filterOpenAPI(OpenAPI api) {
    for (var path : api.getPaths().getPathItems().values()) {
      for (var call : path.getOperations().values()) {
        for (var status : EVERYWHERE) {
          if (!call.getResponses().hasAPIResponse(status)) {
            call.getResponses()
                .addAPIResponse(status, OASFactory.createAPIResponse().ref(PublicApi.PROBLEM));
          }
        }
      }
    }
  }
}
