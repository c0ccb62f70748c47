package dev.turnout.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Turns, newest first. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "TurnPage")
record TurnPage(
    List<TurnBody> items,
    @Schema(description = "Send it as `cursor` for the next page; absent on the last one.")
        @Nullable String next) {}
