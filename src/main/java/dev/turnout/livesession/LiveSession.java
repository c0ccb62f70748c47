package dev.turnout.livesession;

import dev.turnout.process.LivingProcess;
import dev.turnout.process.SubprocessSpec.Limits;
import dev.turnout.settings.LiveSettings;
import dev.turnout.turn.TurnId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One living process and what we know of it. Guarded by the lock of {@link LiveSessions}. */
final class LiveSession {
  /** Of a session that is nobody's, while it waits for one. */
  LiveKey key;

  final Belongings belongings;
  final Fingerprint fingerprint;
  final Instant startedAt;

  /** Of the turn that it served last: an operator may have changed them since. */
  LiveSettings settings;

  /** Of the turn that it served last, as above. */
  Limits limits;

  Duration grace;
  LiveState state;
  int turns;
  Optional<TurnId> lastTurn;
  List<String> shown = List.of();
  List<String> changed = List.of();
  private Optional<String> conversation;
  private @Nullable LivingProcess process;

  /** What it was started ahead for; empty when it was started for a turn. */
  private final Optional<Fingerprint> order;

  private final WarmOrder.Adoption adoption;
  private volatile @Nullable Instant lastOutputAt;

  LiveSession(LiveRequest request, Belongings belongings, Instant now) {
    this.key = request.key();
    this.belongings = belongings;
    this.fingerprint = request.fingerprint();
    this.startedAt = now;
    this.settings = request.settings();
    this.limits = request.limits();
    this.grace = request.limits().grace();
    this.lastTurn = Optional.of(request.turn());
    this.order = Optional.empty();
    this.adoption = WarmOrder.Adoption.NONE;
    this.state = new LiveState.Starting(request.turn(), now);
    // A resumed conversation is known from the start, even if its first turn is broken off.
    this.conversation = request.conversation();
  }

  /** One that is started ahead. */
  LiveSession(WarmOrder order, WarmOrder.Start start, Belongings belongings, Instant now) {
    this.key = new LiveKey(order.backend(), start.nobody());
    this.belongings = belongings;
    this.fingerprint = start.fingerprint();
    this.startedAt = now;
    this.settings = order.settings();
    this.limits = order.limits();
    this.grace = order.limits().grace();
    this.lastTurn = Optional.empty();
    this.order = Optional.of(order.fingerprint());
    this.adoption = start.adoption();
    this.state = new LiveState.Warm(false, now);
    this.conversation = Optional.empty();
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
    limits = request.limits();
    grace = request.limits().grace();
    lastTurn = Optional.of(request.turn());
    turns++;
  }

  WarmOrder.Adoption adoption() {
    return adoption;
  }

  /** What it waits for, if it was started ahead and nobody has taken it. */
  Optional<Fingerprint> warmFor() {
    return state instanceof LiveState.Warm ? order : Optional.empty();
  }

  boolean isWarmFor(Fingerprint wanted) {
    return state instanceof LiveState.Warm(var greeted, _)
        && greeted
        && order.equals(Optional.of(wanted));
  }

  /** Whether nothing runs in it. */
  boolean waits() {
    return state instanceof LiveState.Ready || state instanceof LiveState.Warm;
  }

  /** Whether its turn has had all the time that it may have, and the time to let go of it. */
  boolean isOverdue(Instant now) {
    boolean works = state instanceof LiveState.Busy || state instanceof LiveState.Draining;
    var allowed = limits.total().plus(grace);
    return works && Duration.between(state.since(), now).compareTo(allowed) > 0;
  }

  /** The turn that it serves or served last, for the log. */
  String turnName() {
    return lastTurn.map(TurnId::toString).orElse("none");
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
        shown,
        List.of());
  }
}
