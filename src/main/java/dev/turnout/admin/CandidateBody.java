package dev.turnout.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.turnout.turn.AuthProfileId;
import dev.turnout.turn.BackendId;
import dev.turnout.turn.Candidate;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A candidate, read and written. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "Candidate")
record CandidateBody(
    @NotNull(message = "must be there")
        @Size(min = 1, max = 100, message = "must have 1 to 100 characters")
        String backend,
    @Schema(description = "The backend's own choice when absent.")
        @Size(min = 1, max = 200, message = "must have 1 to 200 characters")
        @Nullable String model,
    @Schema(description = "The backend's own log-in when absent.")
        @Size(min = 1, max = 100, message = "must have 1 to 100 characters")
        @Nullable String authProfile) {

  static CandidateBody of(Candidate candidate) {
    return new CandidateBody(
        candidate.backend().value(),
        candidate.model().orElse(null),
        candidate.authProfile().map(AuthProfileId::value).orElse(null));
  }

  Candidate candidate() {
    return new Candidate(
        new BackendId(backend),
        Optional.ofNullable(model),
        Optional.ofNullable(authProfile).map(AuthProfileId::new));
  }
}
