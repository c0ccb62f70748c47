package dev.turnout.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.turnout.session.Session;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A session as callers see it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "Session")
record SessionBody(
    @Schema(examples = "agent:main:slack:c07:thread:17") String key,
    @Schema(description = "Who answers; the default agent when absent.") @Nullable String agent,
    @Schema(description = "The one credential that its turns use; those of the chain when absent.")
        @Nullable String authProfile,
    @JsonRawValue
        @Schema(
            type = SchemaType.OBJECT,
            additionalProperties = String.class,
            implementation = Object.class)
        String metadata,
    Instant createdAt,
    Instant updatedAt,
    Links links) {

  /** Where to go on. */
  @Schema(name = "SessionLinks")
  record Links(String self, String turns, String abort, String reset) {}

  /** Sessions, newest first. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @Schema(name = "SessionPage")
  record Page(
      List<SessionBody> items,
      @Schema(description = "Send it as `cursor` for the next page; absent on the last one.")
          @Nullable String next) {}

  /** What became of an abort. */
  @Schema(name = "Aborted")
  record Aborted(@Schema(description = "How many turns were ended or told to.") int turns) {}

  static SessionBody of(Session session) {
    var self = TurnBodies.path(session.key());
    return new SessionBody(
        session.key().value(),
        session.agent().map(agent -> agent.value()).orElse(null),
        session.authProfile().map(profile -> profile.value()).orElse(null),
        session.metadata(),
        session.createdAt(),
        session.updatedAt(),
        new Links(self, self + "/turns", self + "/abort", self + "/reset"));
  }
}
