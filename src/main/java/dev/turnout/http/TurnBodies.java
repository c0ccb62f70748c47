package dev.turnout.http;

import dev.turnout.events.StoredEvent;
import dev.turnout.events.TurnEvent;
import dev.turnout.queue.TurnView;
import dev.turnout.turn.Attempt;
import dev.turnout.turn.AuthProfileId;
import dev.turnout.turn.BackendId;
import dev.turnout.turn.RouteChoice;
import dev.turnout.turn.SessionKey;
import dev.turnout.turn.SteerRefusal;
import dev.turnout.turn.TurnId;
import dev.turnout.turn.Usage;
import dev.turnout.usermessage.Language;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Makes what callers see of a turn from what the line knows of it. */
final class TurnBodies {
  private TurnBodies() {}

  /** What the last event of a turn tells. */
  private record End(
      List<Attempt> attempts,
      TurnBody.@Nullable AnswerBody answer,
      @Nullable String partial,
      @Nullable FailureBody failure,
      Optional<TurnId> by,
      Optional<Usage> usage,
      OptionalLong revision) {}

  private static final End NONE =
      new End(
          List.of(), null, null, null, Optional.empty(), Optional.empty(), OptionalLong.empty());

  /**
   * The body of this turn.
   *
   * @param reader the language in which whoever asks is told things; that of the turn when empty
   */
  static TurnBody of(TurnView turn, Optional<Language> reader) {
    var language =
        reader.orElseGet(
            () -> turn.choice().language().map(Language::ofTag).orElse(Language.ENGLISH));
    var end = turn.last().map(last -> end(last.event(), language)).orElse(NONE);
    return new TurnBody(
        turn.id().value(),
        turn.session().value(),
        orNull(turn.seq()),
        turn.state().code(),
        orNull(turn.position()),
        turn.blockedBy().map(TurnId::value).orElse(null),
        turn.notBefore().orElse(null),
        turn.expiresAt().orElse(null),
        turn.agent().value(),
        turn.choice().model().orElse(null),
        turn.choice().backend().map(BackendId::value).orElse(null),
        turn.choice().authProfile().map(AuthProfileId::value).orElse(null),
        chain(turn.choice()),
        turn.choice().language().orElse(null),
        turn.lane().value(),
        turn.priority(),
        turn.recovery().code(),
        new SubmitTurn.Input(turn.input()),
        turn.metadata(),
        end.attempts().stream().map(AttemptBody::of).toList(),
        end.answer(),
        end.partial(),
        end.failure(),
        end.by().map(TurnId::value).orElse(null),
        mergedInto(turn),
        turn.notSteered().map(SteerRefusal::code).orElse(null),
        end.usage()
            .filter(usage -> !usage.equals(Usage.UNKNOWN))
            .map(TurnBodies::usage)
            .orElse(null),
        orNull(end.revision().isPresent() ? end.revision() : startRevision(turn)),
        turn.questions().isEmpty()
            ? null
            : turn.questions().stream().map(PermissionBody::of).toList(),
        turn.createdAt(),
        turn.started().map(StoredEvent::at).orElse(null),
        finishedAt(turn),
        links(turn));
  }

  private static End end(TurnEvent event, Language language) {
    return switch (event) {
      case TurnEvent.Succeeded(var answer, var attempts, var revision) ->
          new End(
              attempts,
              new TurnBody.AnswerBody(answer.text()),
              null,
              null,
              Optional.empty(),
              Optional.of(answer.usage()),
              OptionalLong.of(revision));
      case TurnEvent.Failed(var failure, var attempts, var partial, var revision, var messages) ->
          new End(
              attempts,
              null,
              blankToNull(partial),
              FailureBody.of(failure, messages.map(all -> all.get(language.tag()))),
              Optional.empty(),
              Optional.empty(),
              OptionalLong.of(revision));
      case TurnEvent.Cancelled(var by, var attempts, var partial) ->
          new End(
              attempts,
              null,
              blankToNull(partial),
              null,
              by,
              Optional.empty(),
              OptionalLong.empty());
      case TurnEvent.Dropped(var by) ->
          new End(List.of(), null, null, null, by, Optional.empty(), OptionalLong.empty());
      case TurnEvent.Expired _, TurnEvent.Accepted _, TurnEvent.Started _ -> NONE;
      case TurnEvent.AttemptStarted _, TurnEvent.AttemptFailed _, TurnEvent.Output _ -> NONE;
      case TurnEvent.AttemptSkipped _, TurnEvent.AttemptRetried _, TurnEvent.Restarted _ -> NONE;
      case TurnEvent.ToolStarted _, TurnEvent.ToolEnded _, TurnEvent.Notice _ -> NONE;
      case TurnEvent.PermissionAsked _, TurnEvent.PermissionAnswered _ -> NONE;
      case TurnEvent.Steered _, TurnEvent.NotSteered _, TurnEvent.Merged _ -> NONE;
      case TurnEvent.LiveProcess _, TurnEvent.GivenBack _ -> NONE;
    };
  }

  private static @Nullable List<CandidateBody> chain(RouteChoice choice) {
    return choice.chain().isEmpty()
        ? null
        : choice.chain().stream().map(CandidateBody::of).toList();
  }

  private static @Nullable UUID mergedInto(TurnView turn) {
    return turn.last()
        .map(StoredEvent::event)
        .map(last -> last instanceof TurnEvent.Merged(var into) ? into.value() : null)
        .orElse(null);
  }

  private static @Nullable Instant finishedAt(TurnView turn) {
    return turn.state().isTerminal() ? turn.last().map(StoredEvent::at).orElse(null) : null;
  }

  private static OptionalLong startRevision(TurnView turn) {
    return turn.started()
        .map(
            started ->
                started.event() instanceof TurnEvent.Started(_, var revision)
                    ? OptionalLong.of(revision)
                    : OptionalLong.empty())
        .orElse(OptionalLong.empty());
  }

  private static TurnBody.UsageBody usage(Usage usage) {
    return new TurnBody.UsageBody(
        orNull(usage.inputTokens()),
        orNull(usage.outputTokens()),
        orNull(usage.cachedInputTokens()));
  }

  private static TurnBody.Links links(TurnView turn) {
    var self = path(turn.id());
    return new TurnBody.Links(self, self + "/events", self + "/cancel", path(turn.session()));
  }

  static String path(TurnId turn) {
    return "/v1/turns/" + turn;
  }

  /** A key is one segment of the path, whatever is in it. */
  static String path(SessionKey key) {
    return "/v1/sessions/"
        + URLEncoder.encode(key.value(), StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static @Nullable Long orNull(OptionalLong value) {
    return value.isPresent() ? value.getAsLong() : null;
  }

  private static @Nullable String blankToNull(String text) {
    return text.isEmpty() ? null : text;
  }
}
