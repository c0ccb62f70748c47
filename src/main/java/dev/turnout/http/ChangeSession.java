package dev.turnout.http;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What to change in a session; what is absent stays. */
@Schema(name = "ChangeSession", examples = "{\"agent\":\"reviewer\"}")
record ChangeSession(
    @Schema(description = "Who answers from the next turn on.")
        @Size(min = 1, max = 100, message = "must have 1 to 100 characters")
        @Nullable String agent,
    @Schema(
            description =
                "The one credential that its turns use from the next submission on, unless a turn"
                    + " names another one or a chain; the empty text ends that.")
        @Size(max = 100, message = "must have at most 100 characters")
        @Nullable String authProfile,
    @Schema(description = "Replaces what was kept.")
        @Size(max = 32, message = "must have at most 32 entries")
        @Nullable
            Map<
                @Size(min = 1, max = 64, message = "must have a name of 1 to 64 characters") String,
                @NotNull(message = "must not be null")
                @Size(max = 1_024, message = "must have at most 1024 characters") String>
            metadata) {}
