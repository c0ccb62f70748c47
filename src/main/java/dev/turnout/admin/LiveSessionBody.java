package dev.turnout.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.turnout.livesession.LiveState;
import dev.turnout.livesession.LiveView;
import dev.turnout.livesession.OwnedResource;
import dev.turnout.process.ProcessUsage;
import dev.turnout.session.Sessions;
import dev.turnout.turn.AgentId;
import dev.turnout.turn.TurnId;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A living process as operators see it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "LiveSession")
record LiveSessionBody(
    String id,
    String backend,
    @Schema(description = "Whose session it works for; absent while it waits for one.")
        @Nullable String tenant,
    @Schema(description = "The key of that session; absent too when it was deleted.")
        @Nullable String session,
    @Schema(description = "Whose turn it serves, or served last.") @Nullable String agent,
    @Schema(
            description = "Where it stands.",
            enumeration = {"starting", "warm", "ready", "busy", "draining", "closed"})
        String state,
    @Schema(description = "Since when it stands there.") Instant since,
    @Schema(description = "Why it ends or has ended; absent while it goes on.")
        @Nullable String closeReason,
    @Schema(description = "The turn that it serves, or served last; absent before the first.")
        @Nullable UUID turn,
    @Schema(description = "The turn that runs in it now.") @Nullable UUID runningTurn,
    @Schema(description = "How many turns it was given.") int turns,
    Instant startedAt,
    @Schema(description = "When it last said anything.") @Nullable Instant lastOutputAt,
    @Nullable Long pid,
    @Schema(description = "Memory in RAM, in bytes, without its children.")
        @Nullable Long residentBytes,
    @Schema(description = "Time that it has computed, in milliseconds.") @Nullable Long cpuMillis,
    @Schema(description = "Open files, sockets and pipes.") @Nullable Integer openFiles,
    @Schema(description = "What it was started with; what may be secret as a digest.")
        Map<String, String> fingerprint,
    @Schema(description = "Which parts of that the newest turn wanted otherwise.")
        List<String> changed,
    @Schema(
            description =
                "Which parts of that its session's next turn would want otherwise, by the settings in"
                    + " force; absent where that cannot be known.")
        @Nullable List<String> nextTurnDiffers,
    @Schema(description = "What belongs to it.") List<Resource> resources,
    @Schema(description = "Its command line, shortened, without what may be secret.")
        List<String> argv,
    @Schema(description = "Pids of its tree that still live although it was killed.")
        List<Long> survivors) {

  /** The body that drains. */
  @Schema(name = "DrainLiveSessions", examples = "{\"backend\":\"claude\"}")
  record Drain(
      @Schema(description = "Whose processes; either this or `agent`.") @Nullable String backend,
      @Schema(description = "The agent whose turn they serve, or served last.")
          @Nullable String agent,
      @Schema(description = "Why, for the audit trail.")
          @Size(max = 500, message = "must have at most 500 characters")
          @Nullable String reason) {}

  /** What was drained. */
  @Schema(name = "DrainedLiveSessions")
  record Drained(
      @Schema(description = "How many end: at once, or after the turn that they serve.")
          int processes) {}

  /** Something that belongs to it. */
  @Schema(name = "OwnedResource")
  record Resource(
      String kind,
      @Schema(description = "A path, or a name that is no secret.") String name,
      Instant createdAt,
      @Schema(description = "Whether it outlives the process.") boolean kept) {
    private static Resource of(OwnedResource resource) {
      return new Resource(
          resource.kind().code(), resource.what(), resource.created(), resource.kept());
    }
  }

  /** Living processes of this replica. */
  @Schema(name = "LiveSessions")
  record All(List<LiveSessionBody> items) {}

  static LiveSessionBody of(
      LiveView view,
      Optional<Sessions.Name> name,
      Optional<AgentId> agent,
      Optional<List<String>> nextTurnDiffers) {
    boolean lives = !(view.state() instanceof LiveState.Closed);
    var usage = view.pid().filter(_ -> lives).flatMap(ProcessUsage::of);
    return new LiveSessionBody(
        view.id(),
        view.key().backend().value(),
        name.map(found -> found.tenant().value()).orElse(null),
        name.map(found -> found.key().value()).orElse(null),
        agent.map(AgentId::value).orElse(null),
        view.state().code(),
        view.state().since(),
        closeReason(view.state()).orElse(null),
        view.lastTurn().map(TurnId::value).orElse(null),
        running(view.state()).map(TurnId::value).orElse(null),
        view.turns(),
        view.startedAt(),
        view.lastOutputAt().orElse(null),
        view.pid().orElse(null),
        usage.map(ProcessUsage::residentBytes).orElse(null),
        usage.map(used -> used.cpu().toMillis()).orElse(null),
        usage.map(ProcessUsage::openFiles).orElse(null),
        view.fingerprint(),
        view.changed(),
        nextTurnDiffers.orElse(null),
        view.resources().stream().map(Resource::of).toList(),
        view.argv(),
        view.survivors());
  }

  private static Optional<String> closeReason(LiveState state) {
    return switch (state) {
      case LiveState.Draining(_, var why, _) -> Optional.of(why.code());
      case LiveState.Closed(var why, _) -> Optional.of(why.code());
      case LiveState.Starting _, LiveState.Warm _, LiveState.Ready _, LiveState.Busy _ ->
          Optional.empty();
    };
  }

  private static Optional<TurnId> running(LiveState state) {
    return switch (state) {
      case LiveState.Starting(var turn, _) -> Optional.of(turn);
      case LiveState.Busy(var turn, _) -> Optional.of(turn);
      case LiveState.Draining(var turn, _, _) -> Optional.of(turn);
      case LiveState.Warm _, LiveState.Ready _, LiveState.Closed _ -> Optional.empty();
    };
  }
}
