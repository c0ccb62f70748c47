package dev.turnout.livesession;

import dev.turnout.process.LivingProcess;
import dev.turnout.settings.LiveSettings;
import dev.turnout.turn.TurnId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One living process and what we know of it. Guarded by the lock of {@link LiveSessions}. */
final class LiveSession {
  final LiveKey key;
  final Belongings belongings;
  final Fingerprint fingerprint;
  final Instant startedAt;

  /** Of the turn that it served last: an operator may have changed them since. */
  LiveSettings settings;

  Duration grace;
  LiveState state;
  int turns;
  TurnId lastTurn;
  List<String> shown = List.of();
  List<String> changed = List.of();
  private Optional<String> conversation;
  private @Nullable LivingProcess process;
  private volatile @Nullable Instant lastOutputAt;

  LiveSession(LiveRequest request, Belongings belongings, Instant now) {
    this.key = request.key();
    this.belongings = belongings;
    this.fingerprint = request.fingerprint();
    this.startedAt = now;
    this.settings = request.settings();
    this.grace = request.limits().grace();
    this.lastTurn = request.turn();
    this.state = new LiveState.Starting(request.turn(), now);
    // A resumed conversation is known from the start, even if its first turn is broken off.
    this.conversation = request.conversation();
  }

  void started(LivingProcess started, List<String> argv) {
    process = started;
    shown = argv;
  }

  Optional<LivingProcess> process() {
    return Optional.ofNullable(process);
  }

  boolean isDead() {
    return process != null && !process.isAlive();
  }

  void heard(Instant now) {
    lastOutputAt = now;
  }

  void takes(LiveRequest request) {
    settings = request.settings();
    grace = request.limits().grace();
    lastTurn = request.turn();
    turns++;
  }

  void knows(Optional<String> id) {
    conversation = id;
  }

  /** Notes in what it differs from what this turn wants. */
  void isWanted(LiveRequest request) {
    changed = fingerprint.differences(request.fingerprint());
  }

  /** Why it cannot take this turn, if it cannot. */
  Optional<CloseReason> unfitFor(LiveRequest request, Instant now) {
    isWanted(request);
    if (isDead()) {
      return Optional.of(CloseReason.CRASHED);
    }
    if (!changed.isEmpty()) {
      return Optional.of(CloseReason.STALE);
    }
    // After a turn that was broken off it knows something and has no name for it: a session that
    // begins anew must not get that.
    boolean blank = conversation.isEmpty() && turns > 0;
    if (blank || !conversation.equals(request.conversation())) {
      return Optional.of(CloseReason.OTHER_CONVERSATION);
    }
    return Upkeep.due(state, startedAt, turns, request.settings(), now)
        // It is asked for right now, so that it is not idle.
        .filter(reason -> reason != CloseReason.IDLE);
  }

  LiveView view() {
    return new LiveView(
        belongings.owner(),
        key,
        state,
        process().map(running -> running.stamp().pid()),
        startedAt,
        Optional.ofNullable(lastOutputAt),
        turns,
        lastTurn,
        fingerprint.parts(),
        changed,
        belongings.resources(),
        shown);
  }
}
