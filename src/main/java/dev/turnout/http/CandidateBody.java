package dev.turnout.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.turnout.turn.AuthProfileId;
import dev.turnout.turn.BackendId;
import dev.turnout.turn.Candidate;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** One candidate, as a caller names it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "Candidate", examples = "{\"backend\":\"claude\",\"authProfile\":\"team\"}")
record CandidateBody(
    @NotNull(message = "must be there")
        @Size(min = 1, max = 100, message = "must have 1 to 100 characters")
        String backend,
    @Schema(description = "The backend's own default when absent.")
        @Size(min = 1, max = 200, message = "must have 1 to 200 characters")
        @Nullable String model,
    @Schema(description = "The backend's own login when absent; model APIs need one.")
        @Size(min = 1, max = 100, message = "must have 1 to 100 characters")
        @Nullable String authProfile) {

  Candidate candidate() {
    return new Candidate(
        new BackendId(backend),
        Optional.ofNullable(model),
        Optional.ofNullable(authProfile).map(AuthProfileId::new));
  }

  static CandidateBody of(Candidate candidate) {
    return new CandidateBody(
        candidate.backend().value(),
        candidate.model().orElse(null),
        candidate.authProfile().map(AuthProfileId::value).orElse(null));
  }
}
