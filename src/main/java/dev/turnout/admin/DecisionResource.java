package dev.turnout.admin;

import dev.turnout.decision.DecisionFilter;
import dev.turnout.decision.DecisionLog;
import dev.turnout.http.Cursors;
import dev.turnout.http.PageLimit;
import dev.turnout.identity.Caller;
import dev.turnout.identity.Scope;
import dev.turnout.turn.AgentId;
import dev.turnout.turn.AuthProfileId;
import dev.turnout.turn.BackendId;
import dev.turnout.turn.LaneId;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** What was decided on the way of turns. */
@Path("/admin/v1/decisions")
@Tag(name = "decisions")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Scope.ADMIN_ROLE)
class DecisionResource {
  private final DecisionLog log;
  private final SecurityIdentity identity;

  DecisionResource(DecisionLog log, SecurityIdentity identity) {
    this.log = log;
    this.identity = identity;
  }

  @GET
  @RunOnVirtualThread
  @Operation(
      operationId = "listDecisions",
      summary = "List what was decided on the way of turns, newest first",
      description =
          "Of every turn in which a candidate failed, was skipped, was asked to find out or was"
              + " asked again: one entry a step. A turn whose first candidate simply answered, or"
              + " was cancelled at it, decided nothing and has none. Filters are combined.")
  @Parameter(name = "turn", in = ParameterIn.QUERY, schema = @Schema(type = SchemaType.STRING))
  @Parameter(
      name = "session",
      in = ParameterIn.QUERY,
      description = "The key of a session of `tenant`.",
      schema = @Schema(type = SchemaType.STRING))
  @Parameter(
      name = "tenant",
      in = ParameterIn.QUERY,
      description =
          "Whose; all tenants' when absent, but the caller's own where `session` is named.",
      schema = @Schema(type = SchemaType.STRING))
  @Parameter(name = "agent", in = ParameterIn.QUERY, schema = @Schema(type = SchemaType.STRING))
  @Parameter(name = "backend", in = ParameterIn.QUERY, schema = @Schema(type = SchemaType.STRING))
  @Parameter(
      name = "authProfile",
      in = ParameterIn.QUERY,
      schema = @Schema(type = SchemaType.STRING))
  @Parameter(
      name = "reason",
      in = ParameterIn.QUERY,
      schema = @Schema(type = SchemaType.STRING, examples = "rate_limit"))
  @Parameter(
      name = "family",
      in = ParameterIn.QUERY,
      schema =
          @Schema(
              type = SchemaType.STRING,
              enumeration = {"caller", "provider", "capacity", "local", "ours"}))
  @Parameter(name = "lane", in = ParameterIn.QUERY, schema = @Schema(type = SchemaType.STRING))
  @Parameter(
      name = "from",
      in = ParameterIn.QUERY,
      description = "Not before this time.",
      schema = @Schema(type = SchemaType.STRING, format = "date-time"))
  @Parameter(
      name = "to",
      in = ParameterIn.QUERY,
      description = "Before this time.",
      schema = @Schema(type = SchemaType.STRING, format = "date-time"))
  @Parameter(name = "cursor", in = ParameterIn.QUERY, schema = @Schema(type = SchemaType.STRING))
  @Parameter(
      name = "limit",
      in = ParameterIn.QUERY,
      schema =
          @Schema(
              type = SchemaType.INTEGER,
              minimum = PageLimit.SMALLEST,
              maximum = PageLimit.LARGEST,
              defaultValue = PageLimit.USUAL))
  public DecisionBody.Page list(@Context UriInfo uri) {
    var query = uri.getQueryParameters();
    var filters = new Filters(query);
    int size = PageLimit.read(query.getFirst("limit"));
    var before = Cursors.place(query.getFirst("cursor")).map(Cursors.Place::id);
    var wanted = filter(filters);
    if (wanted.isEmpty()) {
      return new DecisionBody.Page(List.of(), null);
    }
    var found = log.page(wanted.get(), before, size + 1);
    var items = found.stream().limit(size).map(DecisionBody::of).toList();
    if (found.size() <= size) {
      return new DecisionBody.Page(items, null);
    }
    var last = found.get(size - 1);
    var next = Cursors.write(new Cursors.Place(last.decision().at(), last.id()));
    return new DecisionBody.Page(items, next);
  }

  /** Empty when no decision can be meant: a reason is asked for that is not of the family. */
  private Optional<DecisionFilter> filter(Filters filters) {
    var reasons = filters.reasons("reason", "family");
    var session = filters.session("session");
    var tenant = filters.tenant("tenant");
    var from = filters.time("from");
    var to = filters.time("to");
    Filters.requireOrder(from, to);
    var filter =
        new DecisionFilter(
            session.isPresent()
                ? tenant.or(() -> Optional.of(Caller.of(identity).tenant()))
                : tenant,
            session,
            filters.turn("turn"),
            filters.name("agent", AgentId::new),
            filters.name("backend", BackendId::new),
            filters.name("authProfile", AuthProfileId::new),
            filters.name("lane", LaneId::new),
            reasons.orElse(Set.of()),
            from,
            to);
    return reasons.filter(Set::isEmpty).isPresent() ? Optional.empty() : Optional.of(filter);
  }
}
