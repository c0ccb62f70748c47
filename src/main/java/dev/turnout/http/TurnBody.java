package dev.turnout.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A turn as callers see it. What is not known yet is absent. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "Turn", examples = TurnBody.EXAMPLE)
record TurnBody(
    UUID id,
    @Schema(examples = "agent:main:slack:c07:thread:17") String session,
    @Schema(description = "Its place in the session; absent while it waits for its time.")
        @Nullable Long seq,
    @Schema(
            enumeration = {
              "queued",
              "running",
              "succeeded",
              "failed",
              "cancelled",
              "expired",
              "dropped",
              "merged"
            })
        String state,
    @Schema(description = "How many turns of the session have to end before it starts.")
        @Nullable Long position,
    @Schema(description = "The turn that the session is busy with.") @Nullable UUID blockedBy,
    @Schema(description = "No start before this time.") @Nullable Instant earliestStart,
    @Nullable Instant expiresAt,
    String agent,
    @Nullable String model,
    @Schema(description = "The backend that its caller chose.") @Nullable String backend,
    @Schema(description = "The credential that its caller or its session chose.")
        @Nullable String authProfile,
    @Schema(description = "The chain that its caller chose.") @Nullable List<CandidateBody> chain,
    @Schema(description = "The language that its caller asked for, as it was written.")
        @Nullable String language,
    String lane,
    int priority,
    @Schema(enumeration = {"if_no_effect", "always", "never"}) String recovery,
    SubmitTurn.Input input,
    @JsonRawValue
        @Schema(
            type = SchemaType.OBJECT,
            additionalProperties = String.class,
            implementation = Object.class)
        String metadata,
    @Schema(description = "Every candidate that was asked, in order.") List<AttemptBody> attempts,
    @Nullable AnswerBody answer,
    @Schema(description = "What had been said before a turn failed or was cancelled.")
        @Nullable String partial,
    @Nullable FailureBody failure,
    @Schema(description = "The turn that interrupted or superseded this one.")
        @Nullable UUID endedBy,
    @Schema(description = "The turn that has taken this one in, and carries the answer to both.")
        @Nullable UUID mergedInto,
    @Schema(
            description = "Why a turn of mode `steer` became an ordinary follow-up.",
            enumeration = {
              "nothing_ran",
              "other_candidate",
              "no_living_process",
              "not_supported",
              "refused",
              "turn_ending",
              "behind_another"
            })
        @Nullable String notSteered,
    @Nullable UsageBody usage,
    @Schema(description = "The revision of the configuration that it ran with.")
        @Nullable Long configRevision,
    @Schema(description = "What its agent asks, and waits for the answer to.")
        @Nullable List<PermissionBody> permissions,
    Instant createdAt,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt,
    Links links) {

  /** A turn that has ended, for the published description. */
  static final String EXAMPLE =
      """
      {"id":"01a1fd08-807e-763f-b5e4-6eeb9c21c2c7","session":"agent:main:slack:c07:thread:17","seq":3,
      "state":"succeeded","agent":"demo","lane":"user","priority":0,"recovery":"if_no_effect",
      "input":{"text":"What is in this repository?"},"metadata":{},
      "attempts":[{"backend":"claude","runtime":"cli","startedAt":"2026-01-31T08:00:00.125Z","tookMs":4210}],
      "answer":{"text":"A railway switch."},"usage":{"inputTokens":812,"outputTokens":9},"configRevision":1,
      "createdAt":"2026-01-31T08:00:00.120Z","startedAt":"2026-01-31T08:00:00.124Z",
      "finishedAt":"2026-01-31T08:00:04.335Z",
      "links":{"self":"/v1/turns/01a1fd08-807e-763f-b5e4-6eeb9c21c2c7",
      "events":"/v1/turns/01a1fd08-807e-763f-b5e4-6eeb9c21c2c7/events",
      "cancel":"/v1/turns/01a1fd08-807e-763f-b5e4-6eeb9c21c2c7/cancel",
      "session":"/v1/sessions/agent%3Amain%3Aslack%3Ac07%3Athread%3A17"}}
      """;

  /** What a turn was answered with. */
  @Schema(name = "Answer")
  record AnswerBody(String text) {}

  /** Tokens, as far as the backend says. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @Schema(name = "Usage")
  record UsageBody(
      @Nullable Long inputTokens, @Nullable Long outputTokens, @Nullable Long cachedInputTokens) {}

  /** Where to go on. */
  @Schema(name = "TurnLinks")
  record Links(String self, String events, String cancel, String session) {}
}
