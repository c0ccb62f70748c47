package dev.turnout.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.turnout.livesession.LiveState;
import dev.turnout.livesession.LiveView;
import dev.turnout.livesession.OwnedResource;
import dev.turnout.process.ProcessUsage;
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
    @Schema(
            description = "Where it stands.",
            enumeration = {"starting", "ready", "busy", "draining", "closed"})
        String state,
    @Schema(description = "Since when it stands there.") Instant since,
    @Schema(description = "Why it ends or has ended; absent while it goes on.")
        @Nullable String closeReason,
    @Schema(description = "The turn that it serves, or served last.") UUID turn,
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
    @Schema(description = "What belongs to it.") List<Resource> resources,
    @Schema(description = "Its command line, shortened, without what may be secret.")
        List<String> argv) {

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

  static LiveSessionBody of(LiveView view) {
    boolean lives = !(view.state() instanceof LiveState.Closed);
    var usage = view.pid().filter(_ -> lives).flatMap(ProcessUsage::of);
    return new LiveSessionBody(
        view.id(),
        view.key().backend().value(),
        view.state().code(),
        view.state().since(),
        closeReason(view.state()).orElse(null),
        view.lastTurn().value(),
        view.turns(),
        view.startedAt(),
        view.lastOutputAt().orElse(null),
        view.pid().orElse(null),
        usage.map(ProcessUsage::residentBytes).orElse(null),
        usage.map(used -> used.cpu().toMillis()).orElse(null),
        usage.map(ProcessUsage::openFiles).orElse(null),
        view.fingerprint(),
        view.changed(),
        view.resources().stream().map(Resource::of).toList(),
        view.argv());
  }

  private static Optional<String> closeReason(LiveState state) {
    return switch (state) {
      case LiveState.Draining(_, var why, _) -> Optional.of(why.code());
      case LiveState.Closed(var why, _) -> Optional.of(why.code());
      case LiveState.Starting _, LiveState.Ready _, LiveState.Busy _ -> Optional.empty();
    };
  }
}
