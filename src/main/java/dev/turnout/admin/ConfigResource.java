package dev.turnout.admin;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turnout.audit.Audit;
import dev.turnout.http.Cursors;
import dev.turnout.http.PageLimit;
import dev.turnout.http.Problem;
import dev.turnout.http.ProblemType;
import dev.turnout.http.PublicApi;
import dev.turnout.identity.Caller;
import dev.turnout.identity.Scope;
import dev.turnout.runtimeconfig.Author;
import dev.turnout.runtimeconfig.Revision;
import dev.turnout.runtimeconfig.RuntimeConfig;
import dev.turnout.runtimeconfig.WriteResult;
import dev.turnout.settings.SettingsSchema;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.headers.Header;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The settings that change while Turnout runs. */
@Path("/admin/v1/config")
@Tag(name = "config")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Scope.ADMIN_ROLE)
class ConfigResource {
  private static final String IF_MATCH = "The `ETag` of the document that is changed.";
  private static final String DRY_RUN = "Only tell what the change would amount to.";
  private static final String COMMENT = "Why, for those who read the revisions.";

  private final RuntimeConfig config;
  private final SecurityIdentity identity;
  private final Audit audit;
  private final AdminRequest request;
  private final RecycledSessions recycled;

  ConfigResource(
      RuntimeConfig config,
      SecurityIdentity identity,
      Audit audit,
      AdminRequest request,
      RecycledSessions recycled) {
    this.recycled = recycled;
    this.config = config;
    this.identity = identity;
    this.audit = audit;
    this.request = request;
  }

  @GET
  @RunOnVirtualThread
  @Operation(
      operationId = "getConfig",
      summary = "Read the runtime document",
      description =
          "What an operator has said above files and environment; `effective` tells what is in force.")
  @APIResponse(
      responseCode = "200",
      description = "The document; its revision is the `ETag`.",
      headers = @Header(name = "ETag", schema = @Schema(type = SchemaType.STRING)),
      content = @Content(schema = @Schema(type = SchemaType.OBJECT)))
  public Response get() {
    var current = config.current();
    return Response.ok(current.document()).header(HttpHeaders.ETAG, etag(current.number())).build();
  }

  @PATCH
  @RunOnVirtualThread
  @Consumes({PublicApi.MERGE_PATCH, MediaType.APPLICATION_JSON})
  @Operation(
      operationId = "patchConfig",
      summary = "Change the runtime document by a merge patch",
      description =
          "RFC 7396: objects are merged, lists are replaced, null deletes, and what is deleted falls"
              + " back to files and environment. The document is taken as a whole or not at all, and"
              + " is in force for turns that start on any replica within a second.")
  @APIResponse(
      responseCode = "200",
      description = "What changed, or would.",
      content = @Content(schema = @Schema(implementation = ConfigBody.PlanBody.class)))
  @APIResponse(responseCode = "412", ref = PublicApi.PROBLEM)
  @APIResponse(responseCode = "415", ref = PublicApi.PROBLEM)
  @APIResponse(responseCode = "428", ref = PublicApi.PROBLEM)
  public Response patch(
      @Parameter(description = IF_MATCH) @HeaderParam(HttpHeaders.IF_MATCH)
          @Nullable String ifMatch,
      @Parameter(description = DRY_RUN, schema = @Schema(type = SchemaType.BOOLEAN))
          @QueryParam("dryRun")
          @Nullable String dryRun,
      @Parameter(description = COMMENT) @QueryParam("comment") @Nullable String comment,
      @RequestBody(content = @Content(schema = @Schema(type = SchemaType.OBJECT))) @NotNull
          JsonNode body) {
    return answer(config.patch(wish(ifMatch, dryRun, comment), body));
  }

  @PUT
  @RunOnVirtualThread
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      operationId = "putConfig",
      summary = "Replace the runtime document",
      description = "What the new document does not say falls back to files and environment.")
  @APIResponse(
      responseCode = "200",
      description = "What changed, or would.",
      content = @Content(schema = @Schema(implementation = ConfigBody.PlanBody.class)))
  @APIResponse(responseCode = "412", ref = PublicApi.PROBLEM)
  @APIResponse(responseCode = "415", ref = PublicApi.PROBLEM)
  @APIResponse(responseCode = "428", ref = PublicApi.PROBLEM)
  public Response put(
      @Parameter(description = IF_MATCH) @HeaderParam(HttpHeaders.IF_MATCH)
          @Nullable String ifMatch,
      @Parameter(description = DRY_RUN, schema = @Schema(type = SchemaType.BOOLEAN))
          @QueryParam("dryRun")
          @Nullable String dryRun,
      @Parameter(description = COMMENT) @QueryParam("comment") @Nullable String comment,
      @RequestBody(content = @Content(schema = @Schema(type = SchemaType.OBJECT))) @NotNull
          JsonNode body) {
    return answer(config.put(wish(ifMatch, dryRun, comment), body));
  }

  @POST
  @Path("rollback")
  @RunOnVirtualThread
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      operationId = "rollbackConfig",
      summary = "Write the document of an earlier revision anew",
      description =
          "As a new revision. Without `If-Match` it goes back from whatever is current: whoever"
              + " needs this is in a hurry.")
  @APIResponse(
      responseCode = "200",
      description = "What changed, or would.",
      content = @Content(schema = @Schema(implementation = ConfigBody.PlanBody.class)))
  @APIResponse(responseCode = "404", ref = PublicApi.PROBLEM)
  @APIResponse(responseCode = "409", ref = PublicApi.PROBLEM)
  @APIResponse(responseCode = "412", ref = PublicApi.PROBLEM)
  @APIResponse(responseCode = "415", ref = PublicApi.PROBLEM)
  public Response rollback(
      @Parameter(description = IF_MATCH) @HeaderParam(HttpHeaders.IF_MATCH)
          @Nullable String ifMatch,
      @Parameter(description = DRY_RUN, schema = @Schema(type = SchemaType.BOOLEAN))
          @QueryParam("dryRun")
          @Nullable String dryRun,
      @NotNull @Valid ConfigBody.Rollback body) {
    boolean anyBase = ifMatch == null;
    while (true) {
      long base = anyBase ? config.current().number() : ConfigRequests.base(ifMatch);
      var wish =
          new RuntimeConfig.Wish(
              author(),
              Optional.ofNullable(body.comment()).orElse(""),
              base,
              ConfigRequests.dryRun(dryRun),
              this::record);
      var result = config.rollback(wish, body.revision());
      // Somebody wrote in between, which is once more whatever is current.
      if (anyBase && result instanceof WriteResult.Stale) {
        continue;
      }
      if (result instanceof WriteResult.Invalid(var plan, var dry) && !dry) {
        throw ConfigRequests.refused(
            Problem.of(
                ProblemType.REVISION_DOES_NOT_HOLD,
                "The document of revision " + body.revision() + " does not hold any more."),
            plan.flaws());
      }
      return answer(result);
    }
  }

  @GET
  @Path("revisions")
  @RunOnVirtualThread
  @Operation(
      operationId = "listConfigRevisions",
      summary = "List revisions, newest first",
      description = "With what each changed, and without the whole documents.")
  public ConfigBody.RevisionPage revisions(
      @QueryParam("cursor") @Nullable String cursor,
      @Parameter(
              schema =
                  @Schema(
                      type = SchemaType.INTEGER,
                      minimum = PageLimit.SMALLEST,
                      maximum = PageLimit.LARGEST,
                      defaultValue = PageLimit.USUAL))
          @QueryParam("limit")
          @Nullable String limit) {
    int size = PageLimit.read(limit);
    var found = config.revisionsBefore(Cursors.number(cursor).orElse(Long.MAX_VALUE), size + 1);
    var items = found.stream().limit(size).map(r -> ConfigBody.RevisionBody.of(r, false)).toList();
    return new ConfigBody.RevisionPage(
        items, found.size() > size ? Cursors.write(items.getLast().number()) : null);
  }

  @GET
  @Path("revisions/{number}")
  @RunOnVirtualThread
  @Operation(operationId = "getConfigRevision", summary = "Read a revision with its document")
  @APIResponse(
      responseCode = "200",
      description = "The revision.",
      content = @Content(schema = @Schema(implementation = ConfigBody.RevisionBody.class)))
  @APIResponse(responseCode = "404", ref = PublicApi.PROBLEM)
  public ConfigBody.RevisionBody revision(@PathParam("number") String number) {
    return ConfigRequests.number(number)
        .flatMap(config::revision)
        .map(revision -> ConfigBody.RevisionBody.of(revision, true))
        .orElseThrow(() -> ConfigRequests.noRevision(number));
  }

  @GET
  @Path("effective")
  @RunOnVirtualThread
  @Operation(
      operationId = "getEffectiveConfig",
      summary = "Read what is in force on this replica",
      description = "Each setting with its value, the layer it comes from, and what it overrides.")
  public ConfigBody.Effective effective() {
    return new ConfigBody.Effective(
        config.snapshot().revision(),
        config.effective().stream().map(ConfigBody.SettingBody::of).toList());
  }

  @GET
  @Path("schema")
  @Produces("application/schema+json")
  @Operation(
      operationId = "getConfigSchema",
      summary = "Read the JSON Schema of the document",
      description = "For editors. It knows names, types and simple bounds; a dry run knows all.")
  @APIResponse(
      responseCode = "200",
      description = "JSON Schema, draft 2020-12.",
      content = @Content(schema = @Schema(type = SchemaType.OBJECT)))
  public Response schema() {
    return Response.ok(SettingsSchema.text()).build();
  }

  private RuntimeConfig.Wish wish(
      @Nullable String ifMatch, @Nullable String dryRun, @Nullable String comment) {
    return new RuntimeConfig.Wish(
        author(),
        ConfigRequests.comment(comment),
        ConfigRequests.base(ifMatch),
        ConfigRequests.dryRun(dryRun),
        this::record);
  }

  /** The change's line in the trail, in the commit of the change. */
  private void record(Connection connection, Revision revision) throws SQLException {
    var entry = request.entry("config." + revision.kind().code(), "revision " + revision.number());
    audit.record(
        connection,
        entry
            .because(Optional.of(revision.comment()).filter(comment -> !comment.isEmpty()))
            .to(revision.changes().stream().map(ConfigBody.ChangeBody::of).toList()));
  }

  private Author author() {
    var caller = Caller.of(identity);
    return new Author(caller.key(), caller.label());
  }

  private Response answer(WriteResult result) {
    return switch (result) {
      case WriteResult.Written(Revision revision, var plan) -> ok(plan, revision.number(), true);
      case WriteResult.Unchanged(var plan) -> ok(plan, plan.base(), false);
      case WriteResult.Planned(var plan) -> ok(plan, plan.base(), false);
      case WriteResult.Invalid(var plan, var dryRun) -> {
        if (dryRun) {
          yield ok(plan, plan.base(), false);
        }
        throw ConfigRequests.refused(
            Problem.of(ProblemType.INVALID_FIELD, "The configuration would not hold."),
            plan.flaws());
      }
      case WriteResult.Stale(var current) -> throw ConfigRequests.stale(current);
      case WriteResult.NoRevision(var number) ->
          throw ConfigRequests.noRevision(Long.toString(number));
    };
  }

  private Response ok(WriteResult.Plan plan, long revision, boolean written) {
    return Response.ok(ConfigBody.PlanBody.of(plan, recycled.by(plan), revision, written))
        .header(HttpHeaders.ETAG, etag(revision))
        .build();
  }

  private static String etag(long revision) {
    return "\"" + revision + "\"";
  }
}
