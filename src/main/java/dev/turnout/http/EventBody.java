package dev.turnout.http;

import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What stands behind {@code data:} in a stream of events. Written by {@link TurnStream}. */
@Schema(
    name = "TurnEvent",
    description = "What stands behind `data:` in a stream of events.",
    examples =
        "{\"id\":4,\"type\":\"output\",\"at\":\"2026-01-31T08:00:01.5Z\",\"data\":{\"text\":\"Hello\"}}")
record EventBody(
    @Schema(description = "1, 2, 3 … without a gap; also the `id:` of the event.") int id,
    @Schema(
            description =
                "Also the `event:` of the event. The last one of a turn is named like the state"
                    + " that the turn ended in. New kinds may come.",
            enumeration = {
              "accepted",
              "started",
              "attempt_started",
              "attempt_failed",
              "attempt_retried",
              "attempt_skipped",
              "live_process",
              "restarted",
              "output",
              "tool_started",
              "tool_ended",
              "notice",
              "permission_asked",
              "permission_answered",
              "steered",
              "not_steered",
              "given_back",
              "succeeded",
              "failed",
              "cancelled",
              "expired",
              "dropped",
              "merged"
            })
        String type,
    Instant at,
    @Schema(
            type = SchemaType.OBJECT,
            description = "What happened; its fields depend on the type.",
            implementation = Object.class)
        Object data) {}
