package dev.turnout.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.turnout.cooldown.Cooldown;
import dev.turnout.cooldown.CooldownChange;
import dev.turnout.cooldown.CooldownKey;
import dev.turnout.failure.Failure;
import dev.turnout.routing.Ways;
import dev.turnout.settings.Settings;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A cooldown as operators see it. Which of the fields of its key it has depends on the scope. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "Cooldown")
record CooldownBody(
    UUID id,
    Key key,
    @Schema(examples = "billing") String reason,
    @Schema(
            description = "Who can help.",
            enumeration = {"caller", "provider", "capacity", "local", "ours"})
        String family,
    @Schema(
            description =
                "`resting`: not asked; `probing`: its rest is over and one attempt finds out;"
                    + " `probe_needed`: whoever comes next finds out; `counting`: too few failures in"
                    + " a row for a rest; `rested`: all may go, and the next failure rests longer.",
            enumeration = {"resting", "probing", "probe_needed", "counting", "rested"})
        String state,
    @Schema(description = "Failures in a row.") int failures,
    @Schema(description = "Rests in a row: its place on the ladder.") int step,
    Instant firstSeen,
    Instant lastSeen,
    @Schema(description = "When the last rest began.") @Nullable Instant restsSince,
    @Schema(description = "When it ends, or ended.") @Nullable Instant until,
    @Schema(description = "Attempts that it has saved; behind by a second or two.") long avoided,
    @Nullable Probe probe,
    Evidence evidence,
    @Schema(description = "Whom it keeps from being asked. In the answer for one cooldown alone.")
        @Nullable List<Covered> covers,
    @Schema(description = "Oldest first, 100 at most. In the answer for one cooldown alone.")
        @Nullable List<Change> history) {

  /** What rests. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @Schema(name = "CooldownKey")
  record Key(
      @Schema(enumeration = {"payment", "sign_in", "quota", "service", "model"}) String scope,
      @Schema(description = "An auth profile, or `~` and a backend for that backend's own log-in.")
          @Nullable String account,
      @Nullable String backend,
      @Schema(enumeration = {"cli", "api"}) @Nullable String runtime,
      @Schema(description = "Empty where only the backend knows which.") @Nullable String model,
      String lane) {

    static Key of(CooldownKey key) {
      boolean hasModel =
          switch (key.scope()) {
            case QUOTA, SERVICE, MODEL -> true;
            case PAYMENT, SIGN_IN -> false;
          };
      return new Key(
          key.scope().code(),
          present(key.account()),
          present(key.backend()),
          present(key.runtime()),
          hasModel ? key.model() : null,
          key.lane());
    }

    private static @Nullable String present(String part) {
      return part.isEmpty() ? null : part;
    }
  }

  /** Who finds out whether the rest has helped. */
  @Schema(name = "CooldownProbe")
  record Probe(
      @Schema(description = "A token of one attempt.") String owner,
      @Schema(description = "From when on somebody else may.") Instant until) {}

  /** On what the reason was judged. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @Schema(name = "CooldownEvidence")
  record Evidence(
      @Schema(description = "The rule that judged it.", examples = "http.402") String rule,
      String summary,
      @Schema(description = "The fact that the rule went by.") @Nullable String field,
      @Schema(description = "What the backend said, without credentials.") @Nullable String excerpt,
      @Schema(description = "When it works again, as the provider said.")
          @Nullable Instant retryAt) {

    static Evidence of(Failure failure) {
      return new Evidence(
          failure.rule(),
          failure.summary(),
          failure.matchedField().orElse(null),
          failure.excerpt().orElse(null),
          failure.retryAt().orElse(null));
    }
  }

  /** A candidate, and who can come to it. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @Schema(name = "CoveredCandidate")
  record Covered(
      @Schema(description = "Absent where no agent has it, and only callers can choose it.")
          @Nullable String agent,
      CandidateBody candidate) {
    static Covered of(Ways.Covered covered) {
      return new Covered(covered.agent().value(), CandidateBody.of(covered.candidate()));
    }

    /** Those of agents; where there are none, those that callers can choose. */
    static List<Covered> of(CooldownKey key, Settings settings) {
      var ofAgents = Ways.covered(key, settings).stream().map(Covered::of).toList();
      return ofAgents.isEmpty()
          ? Ways.coveredByChoice(key, settings).stream()
              .map(candidate -> new Covered(null, CandidateBody.of(candidate)))
              .toList()
          : ofAgents;
    }
  }

  /** A line of its history. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @Schema(name = "CooldownChange")
  record Change(
      @Schema(description = "Earlier cooldowns of the same key had other ids.") UUID cooldown,
      @Schema(examples = "rested") String kind,
      Instant at,
      String reason,
      String rule,
      @Nullable String excerpt,
      int step,
      @Nullable Instant until,
      @Schema(description = "The person behind it, where there is one.") @Nullable String who,
      @Nullable String why) {

    static Change of(CooldownChange change) {
      return new Change(
          change.cooldown(),
          change.kind().code(),
          change.at(),
          change.reason(),
          change.rule(),
          change.excerpt().orElse(null),
          change.step(),
          change.until().orElse(null),
          change.who().orElse(null),
          change.why().orElse(null));
    }
  }

  /** Cooldowns, the latest first. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @Schema(name = "CooldownPage")
  record Page(
      List<CooldownBody> items,
      @Schema(description = "Send it as `cursor` for the next page; absent on the last one.")
          @Nullable String next) {}

  static CooldownBody of(Cooldown cooldown, Instant now) {
    return of(cooldown, now, null, null);
  }

  static CooldownBody of(
      Cooldown cooldown, List<Covered> covers, List<CooldownChange> history, Instant now) {
    return of(cooldown, now, covers, history.stream().map(Change::of).toList());
  }

  private static CooldownBody of(
      Cooldown cooldown,
      Instant now,
      @Nullable List<Covered> covers,
      @Nullable List<Change> history) {
    return new CooldownBody(
        cooldown.id(),
        Key.of(cooldown.key()),
        cooldown.reason().code(),
        cooldown.reason().family().name().toLowerCase(Locale.ROOT),
        state(cooldown, now),
        cooldown.failures(),
        cooldown.step(),
        cooldown.firstAt(),
        cooldown.lastAt(),
        cooldown.steppedAt().orElse(null),
        cooldown.until().orElse(null),
        cooldown.avoided(),
        cooldown
            .probe()
            .filter(held -> now.isBefore(held.until()))
            .map(held -> new Probe(held.owner(), held.until()))
            .orElse(null),
        Evidence.of(cooldown.failure()),
        covers,
        history);
  }

  private static String state(Cooldown cooldown, Instant now) {
    if (cooldown.rests(now)) {
      return "resting";
    }
    if (cooldown.step() == 0) {
      return "counting";
    }
    if (!cooldown.probeNeeded()) {
      return "rested";
    }
    boolean held = cooldown.probe().filter(probe -> now.isBefore(probe.until())).isPresent();
    return held ? "probing" : "probe_needed";
  }
}
