package dev.turnout.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import dev.turnout.runtimeconfig.Change;
import dev.turnout.runtimeconfig.ReplicaState;
import dev.turnout.runtimeconfig.Revision;
import dev.turnout.runtimeconfig.WriteResult;
import dev.turnout.settings.EffectiveSetting;
import dev.turnout.settings.SettingFlaw;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The runtime configuration on the wire. */
final class ConfigBody {
  /** What a comment may be: a line or a few, and nothing that hides in a log. */
  static final String COMMENT = "[^\\p{Cntrl}]{0,500}";

  private ConfigBody() {}

  /** One place that changes. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @Schema(name = "ConfigChange")
  record ChangeBody(
      @Schema(description = "Where in the document.", examples = "/queue/session-cap")
          String pointer,
      @Schema(description = "Absent where there was nothing.", implementation = Object.class)
          @Nullable JsonNode before,
      @Schema(
              description = "Absent where there is nothing any more.",
              implementation = Object.class)
          @Nullable JsonNode after) {
    static ChangeBody of(Change change) {
      return new ChangeBody(
          change.pointer(), change.before().orElse(null), change.after().orElse(null));
    }
  }

  /** Turns that wait. */
  @Schema(name = "AffectedTurns")
  record AffectedBody(
      @Schema(description = "`agent` or `lane`.") String what,
      String name,
      @Schema(description = "What becomes of them.") String how,
      @Schema(description = "How many wait.") long turns) {}

  /** A living process that comes to its end. */
  @Schema(name = "RecycledLiveSession")
  record RecycledBody(
      @Schema(description = "As in `/admin/v1/live-sessions`.") String id,
      String backend,
      @Schema(description = "Whether a turn runs in it, which is finished in any case.")
          boolean busy,
      @Schema(description = "Why it cannot serve its session's next turn.") String why) {}

  /** A place that does not hold. */
  @Schema(name = "ConfigFlaw")
  record FlawBody(String pointer, String detail) {
    static FlawBody of(SettingFlaw flaw) {
      return new FlawBody(flaw.pointer(), flaw.why());
    }
  }

  /** What a change amounts to, or what it did. */
  @Schema(name = "ConfigPlan")
  record PlanBody(
      @Schema(description = "The revision that is current now.") long revision,
      @Schema(description = "Whether this call made it.") boolean written,
      @Schema(description = "Whether the new document holds.") boolean valid,
      List<ChangeBody> changes,
      @Schema(
              description =
                  "Turns that wait and would run with something that changes. Running ones keep what"
                      + " they started with.")
          List<AffectedBody> waiting,
      @Schema(
              description =
                  "Living processes of the replica that answers which end before their session's next"
                      + " turn, and after the one that runs.")
          List<RecycledBody> recycled,
      @Schema(description = "All that does not hold; in dry runs alone.") List<FlawBody> flaws) {
    static PlanBody of(
        WriteResult.Plan plan, List<RecycledBody> recycled, long revision, boolean written) {
      return new PlanBody(
          revision,
          written,
          plan.flaws().isEmpty(),
          plan.changes().stream().map(ChangeBody::of).toList(),
          plan.waiting().stream()
              .map(a -> new AffectedBody(a.what(), a.name(), a.how(), a.turns()))
              .toList(),
          recycled,
          plan.flaws().stream().map(FlawBody::of).toList());
    }
  }

  /** Who wrote. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @Schema(name = "ConfigAuthor")
  record AuthorBody(
      @Schema(description = "The API key; absent for Turnout itself.") @Nullable UUID key,
      @Schema(description = "The key's name, as it was then.") String name) {}

  /** A version of the document. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @Schema(name = "ConfigRevision")
  record RevisionBody(
      long number,
      @Schema(description = "`initial`, `patch`, `put` or `rollback`.") String kind,
      Instant at,
      AuthorBody author,
      String comment,
      @Schema(description = "The revision that a rollback brought back.") @Nullable Long restored,
      @Schema(description = "What it changed in the one before.") List<ChangeBody> changes,
      @Schema(description = "The whole document; absent in lists.", implementation = Object.class)
          @Nullable JsonNode document) {
    static RevisionBody of(Revision revision, boolean whole) {
      return new RevisionBody(
          revision.number(),
          revision.kind().code(),
          revision.at(),
          new AuthorBody(revision.author().key().orElse(null), revision.author().name()),
          revision.comment(),
          revision.restored().orElse(null),
          revision.changes().stream().map(ChangeBody::of).toList(),
          whole ? revision.document() : null);
    }
  }

  /** Revisions, newest first. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @Schema(name = "ConfigRevisionPage")
  record RevisionPage(
      List<RevisionBody> items,
      @Schema(description = "Send it as `cursor` for the next page; absent on the last one.")
          @Nullable String next) {}

  /** The wish to go back. */
  @Schema(name = "RollbackConfig", examples = "{\"revision\":3,\"comment\":\"too many at once\"}")
  record Rollback(
      @Schema(description = "The revision whose document is written anew.")
          @NotNull(message = "must be there")
          @Min(value = 1, message = "must be 1 or more")
          Integer revision,
      @Pattern(
              regexp = COMMENT,
              message = "must have at most 500 characters and no control characters")
          @Nullable String comment) {}

  /** A layer that says a setting. */
  @Schema(name = "ConfigLayer")
  record LayerBody(
      String source,
      @Schema(implementation = Object.class, description = "Any JSON.") JsonNode value) {}

  /** A setting in force. */
  @Schema(name = "EffectiveSetting")
  record SettingBody(
      @Schema(examples = "/queue/session-cap") String pointer,
      @Schema(description = "Its name in files.", examples = "turnout.queue.session-cap")
          String key,
      @Schema(
              description =
                  "Any JSON; what a file takes from elsewhere is shown as it stands there.",
              implementation = Object.class)
          JsonNode value,
      @Schema(description = "Where it comes from.") String source,
      @Schema(description = "Whether a document may say it.") boolean changeable,
      @Schema(description = "What lower layers say, the next lower one first.")
          List<LayerBody> overrides) {
    static SettingBody of(EffectiveSetting setting) {
      return new SettingBody(
          setting.pointer(),
          setting.key(),
          setting.value(),
          setting.source(),
          setting.changeable(),
          setting.overrides().stream().map(l -> new LayerBody(l.source(), l.value())).toList());
    }
  }

  /** All settings in force on the replica that answers. */
  @Schema(name = "EffectiveConfig")
  record Effective(
      @Schema(description = "The revision in force on this replica.") long revision,
      List<SettingBody> items) {}

  /** A replica. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @Schema(name = "Replica")
  record ReplicaBody(
      @Schema(description = "Its data directory's identity.") String home,
      String host,
      long pid,
      Instant startedAt,
      @Schema(description = "Its last sign of life; up to ten seconds behind.") Instant seenAt,
      @Schema(description = "The revision with which turns start there.") long revision,
      @Schema(description = "Since when.") Instant appliedAt,
      @Schema(description = "Why a newer revision, or a changed file, is not in force there.")
          @Nullable String error,
      @Nullable Instant errorAt,
      @Schema(description = "Until when its runs are its own; absent where it runs no turns.")
          @Nullable Instant leaseUntil) {
    static ReplicaBody of(ReplicaState state) {
      return new ReplicaBody(
          state.home(),
          state.host(),
          state.pid(),
          state.startedAt(),
          state.seenAt(),
          state.revision(),
          state.appliedAt(),
          state.error().orElse(null),
          state.errorAt().orElse(null),
          state.leaseUntil().orElse(null));
    }
  }

  /** All replicas, and where they should be. */
  @Schema(name = "ReplicaList")
  record Replicas(
      @Schema(description = "The newest revision.") long revision, List<ReplicaBody> items) {}
}
