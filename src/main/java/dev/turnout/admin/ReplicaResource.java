package dev.turnout.admin;

import dev.turnout.identity.Scope;
import dev.turnout.runtimeconfig.RuntimeConfig;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Who runs, and with which settings. */
@Path("/admin/v1/replicas")
@Tag(name = "replicas")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Scope.ADMIN_ROLE)
class ReplicaResource {
  private final RuntimeConfig config;

  ReplicaResource(RuntimeConfig config) {
    this.config = config;
  }

  @GET
  @RunOnVirtualThread
  @Operation(
      operationId = "listReplicas",
      summary = "List replicas",
      description =
          "With the revision that each has in force, since when, and why it is behind where it is."
              + " One that was killed stays for a minute.")
  public ConfigBody.Replicas list() {
    return new ConfigBody.Replicas(
        config.current().number(),
        config.replicas().stream().map(ConfigBody.ReplicaBody::of).toList());
  }
}
