package dev.turnout.mcp;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.turnout.queue.TurnView;
import dev.turnout.session.Sessions;
import dev.turnout.turn.TurnState;
import io.quarkiverse.mcp.server.Tool;
import io.quarkiverse.mcp.server.ToolArg;
import io.quarkiverse.mcp.server.ToolResponse;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What an agent can do with its own session. No tool has an argument that names another one. */
@ApplicationScoped
public class SessionTools {
  /** Enough of a text to know it again, in characters. */
  private static final int EXCERPT = 200;

  private final SecurityIdentity identity;
  private final Sessions sessions;
  private final OwnLine line;
  private final ObjectMapper json;

  SessionTools(SecurityIdentity identity, Sessions sessions, OwnLine line, ObjectMapper json) {
    this.identity = identity;
    this.sessions = sessions;
    this.line = line;
    this.json = json;
  }

  /** Puts a turn into the line. */
  @Tool(
      name = "enqueue_followup",
      description =
          "Put a message to yourself into the queue of this conversation. You get it as a turn of"
              + " its own, after this one and after all that wait already; not before notBefore,"
              + " if that is given. Use it to come back to something later.")
  @RunOnVirtualThread
  ToolResponse enqueueFollowup(
      @ToolArg(description = "What you will be told.") String text,
      @ToolArg(
              description =
                  "The earliest start: a time such as 2030-01-31T09:00:00Z, or a span from now such"
                      + " as PT30M.")
          Optional<String> notBefore)
      throws InterruptedException {
    return switch (line.enqueue(AgentProcess.of(identity).grant(), text, notBefore)) {
      case OwnLine.EnqueueResult.Enqueued(var turn) -> said(shown(turn));
      case OwnLine.EnqueueResult.Refused(var why) -> ToolResponse.error(why);
    };
  }

  /** Tells of the session. */
  @Tool(
      name = "session_status",
      description = "Which conversation this is, who answers in it, and which turn is running.",
      annotations = @Tool.Annotations(readOnlyHint = true, destructiveHint = false))
  @RunOnVirtualThread
  ToolResponse sessionStatus() {
    var grant = AgentProcess.of(identity).grant();
    var name = sessions.name(grant.session());
    if (name.isEmpty()) {
      return ToolResponse.error(OwnLine.DELETED);
    }
    var open = line.open(name.get());
    var status = new LinkedHashMap<String, Object>();
    status.put("session", name.get().key().value());
    sessions
        .find(name.get().tenant(), name.get().key())
        .ifPresent(session -> status.put("createdAt", session.createdAt().toString()));
    open.stream()
        .filter(turn -> turn.state() == TurnState.RUNNING)
        .findFirst()
        .ifPresent(
            running -> {
              status.put("agent", running.agent().value());
              status.put("runningTurn", running.id().toString());
              status.put("chain", OwnLine.chain(running));
            });
    status.put("waiting", open.stream().filter(t -> t.state() == TurnState.QUEUED).count());
    status.put("maxFollowups", grant.limits().maxFollowups());
    status.put("maxChain", grant.limits().maxChain());
    return said(status);
  }

  /** Tells of the line. */
  @Tool(
      name = "queue_status",
      description = "The turns of this conversation that run or wait, in no particular order.",
      annotations = @Tool.Annotations(readOnlyHint = true, destructiveHint = false))
  @RunOnVirtualThread
  ToolResponse queueStatus() {
    var name = sessions.name(AgentProcess.of(identity).grant().session());
    return name.isEmpty()
        ? ToolResponse.error(OwnLine.DELETED)
        : said(Map.of("turns", shown(line.open(name.get()))));
  }

  private static List<Map<String, Object>> shown(List<TurnView> turns) {
    return turns.stream().map(SessionTools::shown).toList();
  }

  private static Map<String, Object> shown(TurnView turn) {
    var shown = new LinkedHashMap<String, Object>();
    shown.put("id", turn.id().toString());
    shown.put("state", turn.state().code());
    turn.position().ifPresent(ahead -> shown.put("ahead", ahead));
    turn.notBefore().ifPresent(time -> shown.put("notBefore", time.toString()));
    shown.put("text", excerpt(turn.input()));
    return shown;
  }

  private static String excerpt(String text) {
    return text.length() <= EXCERPT
        ? text
        : text.substring(0, text.offsetByCodePoints(0, EXCERPT / 2)) + "…";
  }

  private ToolResponse said(Map<String, Object> what) {
    try {
      return ToolResponse.success(json.writeValueAsString(what));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("texts and numbers are always JSON", e);
    }
  }
}
