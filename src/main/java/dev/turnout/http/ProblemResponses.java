package dev.turnout.http;

import io.quarkus.smallrye.openapi.OpenApiFilter;
import java.util.List;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;

/** Adds to each published call what holds for all: its problems, and the scopes that open it. */
@OpenApiFilter(stages = OpenApiFilter.RunStage.BUILD)
public final class ProblemResponses implements OASFilter {
  private static final List<String> EVERYWHERE =
      List.of("400", "401", "403", "406", "408", "413", "415", "429", "500", "503");

  private static final List<String> SCHEMES = List.of("apiKey", "token");

  @Override
  public void filterOpenAPI(OpenAPI api) {
    for (var path : api.getPaths().getPathItems().values()) {
      for (var call : path.getOperations().values()) {
        for (var status : EVERYWHERE) {
          // Those that the framework adds by itself have no body, and ours always have.
          call.getResponses()
              .addAPIResponse(status, OASFactory.createAPIResponse().ref(PublicApi.PROBLEM));
        }
        anyScopeOpens(call);
      }
    }
  }

  /**
   * Scopes in one requirement would all be needed; one of ours is enough, whether a key or a token
   * has it.
   */
  private static void anyScopeOpens(Operation call) {
    var requirements = call.getSecurity();
    if (requirements == null) {
      return;
    }
    call.setSecurity(
        requirements.stream()
            .flatMap(requirement -> requirement.getSchemes().entrySet().stream())
            .flatMap(scheme -> scheme.getValue().stream())
            .distinct()
            .flatMap(
                scope ->
                    SCHEMES.stream()
                        .map(
                            scheme ->
                                OASFactory.createSecurityRequirement().addScheme(scheme, scope)))
            .toList());
  }
}
