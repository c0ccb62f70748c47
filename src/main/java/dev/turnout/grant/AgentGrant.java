package dev.turnout.grant;

import dev.turnout.settings.AgentTools.OwnTools;
import dev.turnout.turn.SessionId;
import dev.turnout.turn.TurnId;
import java.util.concurrent.atomic.AtomicReference;

/** What one process of an agent may do: use these tools in this session, and nothing else. */
public final class AgentGrant {
  private volatile SessionId session;
  private final OwnTools limits;
  private final AtomicReference<Count> count = new AtomicReference<>(new Count("", 0));

  /** How many turns were put into the line by one turn. */
  private record Count(String by, int turns) {}

  AgentGrant(SessionId session, OwnTools limits) {
    this.session = session;
    this.limits = limits;
  }

  public SessionId session() {
    return session;
  }

  /** Its process has got another session to work for. */
  void passTo(SessionId other) {
    session = other;
  }

  public OwnTools limits() {
    return limits;
  }

  /** Takes one of the turns that {@code by} may put into the line; false when none is left. */
  public boolean takeFollowup(TurnId by) {
    var name = by.toString();
    var now = count.updateAndGet(old -> new Count(name, old.by.equals(name) ? old.turns + 1 : 1));
    return now.turns <= limits.maxFollowups();
  }
}
