package dev.turnout.admin;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.turnout.audit.Audit;
import dev.turnout.audit.AuditFilter;
import dev.turnout.http.Cursors;
import dev.turnout.http.PageLimit;
import dev.turnout.http.Problem;
import dev.turnout.http.ProblemException;
import dev.turnout.identity.Scope;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The audit trail, to be read and taken away; it is written by the calls that change things. */
@Path("/admin/v1/audit")
@Tag(name = "audit")
@RolesAllowed(Scope.ADMIN_ROLE)
class AuditResource {
  /** One JSON document a line. */
  static final String NDJSON = "application/x-ndjson";

  /** How many lines of an export are read at once. */
  private static final int CHUNK = 500;

  private static final Instant LATEST = Instant.parse("9999-01-01T00:00:00Z");

  private final Audit audit;
  private final ObjectMapper json;

  AuditResource(Audit audit, ObjectMapper json) {
    this.audit = audit;
    this.json = json;
  }

  @GET
  @RunOnVirtualThread
  @Produces({MediaType.APPLICATION_JSON, NDJSON})
  @Operation(
      operationId = "listAudit",
      summary = "Read the audit trail, newest first",
      description =
          "`Accept: application/x-ndjson` exports all lines that the filter lets through, one JSON"
              + " document each, or the first `limit` of them.")
  @APIResponse(
      responseCode = "200",
      description = "A page of lines, or all of them.",
      content = {
        @Content(
            mediaType = MediaType.APPLICATION_JSON,
            schema = @Schema(implementation = AuditBody.Page.class)),
        @Content(mediaType = NDJSON, schema = @Schema(implementation = AuditBody.class))
      })
  @APIResponse(responseCode = "406", ref = dev.turnout.http.PublicApi.PROBLEM)
  public Response list(
      @Parameter(description = "The id or the name of a key.") @QueryParam("who")
          @Nullable String who,
      @Parameter(description = "An action, or the thing before its dot.", example = "cooldown")
          @QueryParam("action")
          @Nullable String action,
      @QueryParam("target") @Nullable String target,
      @Parameter(description = "The earliest time, itself included.") @QueryParam("from")
          @Nullable String from,
      @Parameter(description = "The time before which all lines lie.") @QueryParam("to")
          @Nullable String to,
      @QueryParam("cursor") @Nullable String cursor,
      @Parameter(
              schema =
                  @Schema(
                      type = SchemaType.INTEGER,
                      minimum = PageLimit.SMALLEST,
                      maximum = PageLimit.LARGEST,
                      defaultValue = PageLimit.USUAL))
          @QueryParam("limit")
          @Nullable String limit,
      @Context HttpHeaders headers) {
    var filter =
        new AuditFilter(
            text("who", who),
            text("action", action),
            text("target", target),
            time("from", from),
            time("to", to));
    var before = Cursors.number(cursor);
    int size = PageLimit.read(limit);
    var wanted = headers.getAcceptableMediaTypes().getFirst();
    if (!wanted.isWildcardType() && wanted.isCompatible(MediaType.valueOf(NDJSON))) {
      return export(filter, before, limit == null ? Long.MAX_VALUE : size);
    }
    var found = audit.page(filter, before, size + 1);
    var items = found.stream().limit(size).map(AuditBody::of).toList();
    var next = found.size() > size ? Cursors.write(found.get(size - 1).id()) : null;
    return Response.ok(new AuditBody.Page(items, next), MediaType.APPLICATION_JSON).build();
  }

  private Response export(AuditFilter filter, Optional<Long> before, long atMost) {
    StreamingOutput lines =
        out -> {
          var last = before;
          long left = atMost;
          while (left > 0) {
            int size = (int) Math.min(CHUNK, left);
            var chunk = audit.page(filter, last, size);
            for (var line : chunk) {
              out.write(
                  json.writeValueAsString(AuditBody.of(line)).getBytes(StandardCharsets.UTF_8));
              out.write('\n');
            }
            if (chunk.size() < size) {
              return;
            }
            left -= chunk.size();
            last = Optional.of(chunk.getLast().id());
          }
        };
    return Response.ok(lines, NDJSON)
        .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"audit.ndjson\"")
        .build();
  }

  private static Optional<String> text(String name, @Nullable String value) {
    if (value != null && (value.isBlank() || value.length() > 300 || value.indexOf('\0') >= 0)) {
      throw new ProblemException(Problem.ofParameter(name, "must have 1 to 300 characters"));
    }
    return Optional.ofNullable(value);
  }

  private static Optional<Instant> time(String name, @Nullable String value) {
    if (value == null) {
      return Optional.empty();
    }
    try {
      // A plus of a zone comes as a space from whoever forgot to escape it.
      var time = OffsetDateTime.parse(value.replace(' ', '+')).toInstant();
      // Postgres cannot compare with times much further off.
      if (!time.isBefore(Instant.EPOCH) && time.isBefore(LATEST)) {
        return Optional.of(time);
      }
    } catch (DateTimeException e) {
      // Refused below, like a time out of range.
    }
    throw new ProblemException(Problem.ofParameter(name, "must be a time as RFC 3339 has it"));
  }
}
