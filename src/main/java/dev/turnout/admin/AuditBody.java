package dev.turnout.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.turnout.audit.AuditLine;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A line of the audit trail. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "AuditLine")
record AuditBody(
    long id,
    Instant at,
    Who who,
    @Schema(description = "A thing and what was done to it.", examples = "cooldown.clear")
        String action,
    @Schema(description = "The id or the name of one thing.") String target,
    @Nullable String why,
    @JsonRawValue
        @Schema(
            type = SchemaType.OBJECT,
            description = "What it was, without credentials.",
            implementation = Object.class)
        @Nullable String before,
    @JsonRawValue
        @Schema(
            type = SchemaType.OBJECT,
            description = "What it became, without credentials.",
            implementation = Object.class)
        @Nullable String after,
    @Schema(
            description = "`refused`: for a rule of ours; `failed`: it was tried.",
            enumeration = {"done", "refused", "failed"})
        String result,
    @Schema(description = "The `traceId` of the request.") @Nullable String requestId,
    @Schema(description = "The address that the request came from: a proxy's, behind one.")
        @Nullable String remote) {

  /** Who did it. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @Schema(name = "AuditWho")
  record Who(
      @Schema(description = "The API key; absent where no request was behind it.")
          @Nullable UUID key,
      @Schema(description = "The name of the key.") String name,
      String tenant) {}

  /** Lines, newest first. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @Schema(name = "AuditPage")
  record Page(
      List<AuditBody> items,
      @Schema(description = "Send it as `cursor` for the next page; absent on the last one.")
          @Nullable String next) {}

  static AuditBody of(AuditLine line) {
    return new AuditBody(
        line.id(),
        line.at(),
        new Who(line.key().orElse(null), line.who(), line.tenant().value()),
        line.action(),
        line.target(),
        line.why().orElse(null),
        line.before().orElse(null),
        line.after().orElse(null),
        line.result().code(),
        line.requestId().orElse(null),
        line.remote().orElse(null));
  }
}
