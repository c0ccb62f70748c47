package dev.turnout.admin;

import dev.turnout.audit.Audit;
import dev.turnout.audit.AuditEntry;
import dev.turnout.http.Cursors;
import dev.turnout.http.PageLimit;
import dev.turnout.http.Problem;
import dev.turnout.http.ProblemException;
import dev.turnout.http.ProblemType;
import dev.turnout.http.PublicApi;
import dev.turnout.identity.ApiKeys;
import dev.turnout.identity.Caller;
import dev.turnout.identity.KeyRate;
import dev.turnout.identity.KeyRotation;
import dev.turnout.identity.Scope;
import dev.turnout.turn.TenantId;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** API keys. The admin scope is the operator's: it manages the keys of all tenants. */
@Path("/admin/v1/keys")
@Tag(name = "keys")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed(Scope.ADMIN_ROLE)
class KeyResource {
  private final ApiKeys keys;
  private final Clock clock;
  private final SecurityIdentity identity;
  private final Audit audit;
  private final AdminRequest request;

  KeyResource(
      ApiKeys keys, Clock clock, SecurityIdentity identity, Audit audit, AdminRequest request) {
    this.keys = keys;
    this.clock = clock;
    this.identity = identity;
    this.audit = audit;
    this.request = request;
  }

  @POST
  @RunOnVirtualThread
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      operationId = "makeApiKey",
      summary = "Make an API key",
      description = "The answer shows the key, once; only its digest is kept.")
  @APIResponse(
      responseCode = "201",
      description = "The key.",
      content = @Content(schema = @Schema(implementation = KeyBody.class)))
  @APIResponse(responseCode = "415", ref = PublicApi.PROBLEM)
  public Response make(@NotNull @Valid KeyBody.Make body) {
    var expiresAt = Optional.ofNullable(body.expiresAt());
    if (expiresAt.filter(end -> !end.isAfter(clock.instant())).isPresent()) {
      throw new ProblemException(
          Problem.ofField(ProblemType.INVALID_FIELD, "/expiresAt", "must be in the future"));
    }
    var scopes =
        body.scopes().stream().map(KeyBody.KeyScope::scope).collect(Collectors.toUnmodifiableSet());
    var rate = rate(body.rate(), scopes);
    var made =
        keys.make(
            Optional.ofNullable(body.tenant()).map(TenantId::new).orElse(TenantId.DEFAULT),
            body.name(),
            scopes,
            expiresAt,
            rate,
            key -> audit.record(request.entry("key.make", key.id()).to(KeyBody.of(key))));
    return Response.status(Response.Status.CREATED)
        .header(HttpHeaders.LOCATION, "/admin/v1/keys/" + made.key().id())
        .header(HttpHeaders.CACHE_CONTROL, "no-store")
        .entity(KeyBody.of(made))
        .build();
  }

  @GET
  @RunOnVirtualThread
  @Operation(
      operationId = "listApiKeys",
      summary = "List API keys, newest first",
      description = "Those that ended, too.")
  public KeyBody.Page list(
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
    var after = Cursors.place(cursor).map(place -> new ApiKeys.Cursor(place.at(), place.id()));
    var found = keys.page(after, size + 1);
    var items = found.stream().limit(size).map(KeyBody::of).toList();
    if (found.size() <= size) {
      return new KeyBody.Page(items, null);
    }
    var last = found.get(size - 1);
    return new KeyBody.Page(items, Cursors.write(new Cursors.Place(last.createdAt(), last.id())));
  }

  @GET
  @Path("{id}")
  @RunOnVirtualThread
  @Operation(operationId = "getApiKey", summary = "Read what is known of an API key")
  @APIResponse(
      responseCode = "200",
      description = "The key, without its text.",
      content = @Content(schema = @Schema(implementation = KeyBody.class)))
  @APIResponse(responseCode = "404", ref = PublicApi.PROBLEM)
  public KeyBody get(@PathParam("id") String id) {
    return parse(id).flatMap(keys::find).map(KeyBody::of).orElseThrow(() -> noKey(id));
  }

  @DELETE
  @Path("{id}")
  @RunOnVirtualThread
  @Operation(
      operationId = "revokeApiKey",
      summary = "Revoke an API key",
      description = "It ends at once on this replica, and within ten seconds on all others.")
  @APIResponse(responseCode = "204", description = "It does not open any more.")
  @APIResponse(responseCode = "404", ref = PublicApi.PROBLEM)
  @APIResponse(responseCode = "409", ref = PublicApi.PROBLEM)
  public void revoke(@PathParam("id") String id) {
    var key = parse(id).orElseThrow(() -> noKey(id));
    if (Caller.of(identity).key().filter(key::equals).isPresent()) {
      audit.record(request.entry("key.revoke", key).ended(AuditEntry.Result.REFUSED));
      throw new ProblemException(
          ProblemType.KEY_IN_USE, "Revoke this key with another one that has the scope admin.");
    }
    var revoked =
        keys.revoke(
            key, ended -> audit.record(request.entry("key.revoke", key).to(KeyBody.of(ended))));
    if (revoked.isEmpty()) {
      throw noKey(id);
    }
  }

  @POST
  @Path("{id}/rotate")
  @RunOnVirtualThread
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      operationId = "rotateApiKey",
      summary = "Give an API key a new text",
      description =
          "The answer shows it, once. The text before opens for `overlapSeconds` more, and on other"
              + " replicas for ten seconds at least. The key keeps its id, scopes, rate and end.")
  @APIResponse(
      responseCode = "200",
      description = "The key with its new text.",
      content = @Content(schema = @Schema(implementation = KeyBody.class)))
  @APIResponse(responseCode = "404", ref = PublicApi.PROBLEM)
  @APIResponse(responseCode = "409", ref = PublicApi.PROBLEM)
  @APIResponse(responseCode = "415", ref = PublicApi.PROBLEM)
  public Response rotate(@PathParam("id") String id, @NotNull @Valid KeyBody.Rotate body) {
    var key = parse(id).orElseThrow(() -> noKey(id));
    var rotation =
        keys.rotate(
            key,
            body.overlap(),
            rotated -> audit.record(request.entry("key.rotate", key).to(KeyBody.of(rotated))));
    return switch (rotation) {
      case KeyRotation.Rotated rotated ->
          Response.ok(KeyBody.of(rotated)).header(HttpHeaders.CACHE_CONTROL, "no-store").build();
      case KeyRotation.Ended(var at) ->
          throw new ProblemException(ProblemType.KEY_ENDED, "The API key ended at " + at + ".");
      case KeyRotation.Unknown() -> throw noKey(id);
    };
  }

  @PATCH
  @Path("{id}")
  @RunOnVirtualThread
  @Consumes(MediaType.APPLICATION_JSON)
  @Operation(
      operationId = "changeApiKey",
      summary = "Change the rate of an API key",
      description = "What is absent stays. Other replicas follow within ten seconds.")
  @APIResponse(
      responseCode = "200",
      description = "The key as it is now.",
      content = @Content(schema = @Schema(implementation = KeyBody.class)))
  @APIResponse(responseCode = "404", ref = PublicApi.PROBLEM)
  @APIResponse(responseCode = "415", ref = PublicApi.PROBLEM)
  public KeyBody change(@PathParam("id") String id, @NotNull @Valid KeyBody.Change body) {
    var key = parse(id).flatMap(keys::find).orElseThrow(() -> noKey(id));
    if (body.rate() == null) {
      return KeyBody.of(key);
    }
    return keys.changeRate(
            key.id(),
            rate(body.rate(), key.scopes()),
            (before, after) ->
                audit.record(
                    request
                        .entry("key.change", key.id())
                        .from(KeyBody.of(before))
                        .to(KeyBody.of(after))))
        .map(KeyBody::of)
        .orElseThrow(() -> noKey(id));
  }

  /** Whoever sets a rate for an operator expects something of it, and nothing would come of it. */
  private static Optional<KeyRate> rate(KeyBody.@Nullable Rate wish, Set<Scope> scopes) {
    var rate = Optional.ofNullable(wish).flatMap(KeyBody.Rate::rate);
    if (rate.isPresent() && scopes.contains(Scope.ADMIN)) {
      throw new ProblemException(
          Problem.ofField(
              ProblemType.INVALID_FIELD, "/rate", "keys with the scope admin are held to none"));
    }
    return rate;
  }

  private static Optional<UUID> parse(String id) {
    try {
      return Optional.of(UUID.fromString(id));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static ProblemException noKey(String id) {
    return new ProblemException(ProblemType.KEY_NOT_FOUND, "There is no API key " + id + ".");
  }
}
