package dev.turnout.backend.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turnout.failure.FailureSignal;
import dev.turnout.livesession.LiveGreeting;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Codex's app-server, with one thread in a process. The turn that a process is started for starts
 * or resumes the thread. Everything that it says of a turn names the turn.
 */
final class CodexLines implements LiveLines {
  private final CodexThreadReader reader;
  private final Optional<String> resumed;
  private final Path workspace;
  private final Optional<String> model;
  private final boolean asks;
  private final long open = JsonRpc.newId();
  private final long start = JsonRpc.newId();
  private final Map<Long, String> told = new HashMap<>();
  private boolean fresh;
  private boolean asked;
  private String thread;
  private String turn = "";
  private String text = "";

  /**
   * A turn.
   *
   * @param reader told of what happens before the turn has begun
   * @param resumed the thread to go on with
   * @param asks whether it shall ask before it acts, whatever its own settings say
   */
  CodexLines(
      CodexThreadReader reader,
      Optional<String> resumed,
      Path workspace,
      Optional<String> model,
      boolean asks) {
    this.reader = reader;
    this.resumed = resumed;
    this.workspace = workspace;
    this.model = model;
    this.asks = asks;
    this.thread = resumed.orElse("");
  }

  @Override
  public LiveGreeting greeting() {
    fresh = true;
    return new Handshake(
        Map.of("clientInfo", Handshake.CLIENT, "capabilities", Map.of()),
        answer ->
            answer.has("error") ? Optional.of(CodexFailures.ofRequest(answer)) : Optional.empty(),
        reader::failed);
  }

  @Override
  public String input(String prompt) {
    text = prompt;
    return fresh ? JsonRpc.notification("initialized", Map.of()) + openRequest() : turnRequest();
  }

  private String openRequest() {
    var params = new LinkedHashMap<String, Object>();
    resumed.ifPresent(id -> params.put("threadId", id));
    // Else a thread that is resumed tells us all that was ever said in it.
    resumed.ifPresent(_ -> params.put("excludeTurns", true));
    params.put("cwd", workspace.toString());
    model.ifPresent(name -> params.put("model", name));
    if (asks) {
      params.put("approvalPolicy", "untrusted");
    }
    return JsonRpc.request(open, resumed.isPresent() ? "thread/resume" : "thread/start", params);
  }

  private String turnRequest() {
    asked = true;
    return JsonRpc.request(
        start,
        "turn/start",
        Map.of("threadId", thread, "input", List.of(Map.of("type", "text", "text", text))));
  }

  @Override
  public Optional<String> interruption() {
    // It can only be told of a turn that has a name.
    return turn.isEmpty()
        ? Optional.empty()
        : Optional.of(
            JsonRpc.request(
                JsonRpc.newId(), "turn/interrupt", Map.of("threadId", thread, "turnId", turn)));
  }

  @Override
  public boolean canBeSteered() {
    return !turn.isEmpty();
  }

  /** Refused by itself when the turn is over by then. */
  @Override
  public String steer(String steer, String more) {
    long request = JsonRpc.newId();
    told.put(request, steer);
    return JsonRpc.request(
        request,
        "turn/steer",
        Map.of(
            "threadId",
            thread,
            "expectedTurnId",
            turn,
            "input",
            List.of(Map.of("type", "text", "text", more))));
  }

  @Override
  public Meaning of(JsonNode line) {
    if (JsonRpc.isRequest(line)) {
      return question(line);
    }
    var steered = told.remove(line.path("id").asLong(-1));
    if (steered != null) {
      return new Meaning.Steered(steered, line.has("result"));
    }
    if (JsonRpc.isAnswer(line, open)) {
      return opened(line);
    }
    if (JsonRpc.isAnswer(line, start)) {
      if (line.has("error")) {
        return unopened(CodexFailures.ofRequest(line));
      }
      turn = JsonPaths.text(line, "result.turn.id").orElse(turn);
      return new Meaning.Aside();
    }
    var params = line.path("params");
    if (asked && turn.isEmpty() && JsonRpc.isNotification(line, "turn/started")) {
      // What a turn says and the answer to its request come from different tasks of the server: a
      // short turn may be over before the answer comes.
      turn = begun(params);
    }
    if (JsonRpc.isNotification(line, "serverRequest/resolved")) {
      // The answer that we gave, or its own end of the question.
      return new Meaning.Withdraws(params.path("requestId").toString());
    }
    var named =
        JsonPaths.text(params, "turnId").or(() -> JsonPaths.text(params, "turn.id")).orElse("");
    boolean mine = !turn.isEmpty() && named.equals(turn);
    if (!mine) {
      return new Meaning.Aside();
    }
    return JsonRpc.isNotification(line, "turn/completed") ? new Meaning.End() : new Meaning.Part();
  }

  /** The id of a turn that begins in our thread; others belong to agents that it has called. */
  private String begun(JsonNode params) {
    boolean ours = params.path("threadId").asText().equals(thread);
    return ours ? params.path("turn").path("id").asText() : "";
  }

  private Meaning opened(JsonNode line) {
    if (line.has("error")) {
      var words = AcpFailures.words(line);
      return unopened(
          resumed
              .<FailureSignal>map(id -> new FailureSignal.SessionUnknown(id, words))
              .filter(_ -> AcpFailures.isOfSession(line))
              .orElseGet(() -> CodexFailures.ofRequest(line)));
    }
    var id = line.path("result").path("thread").path("id").asText();
    if (id.isEmpty() || (resumed.isPresent() && !resumed.get().equals(id))) {
      return unopened(
          resumed
              .<FailureSignal>map(
                  lost ->
                      new FailureSignal.SessionUnknown(
                          lost, "codex began thread " + id + " in its place"))
              .orElseGet(() -> new FailureSignal.ProtocolBroken("a new thread has no id")));
    }
    thread = id;
    reader.opened(id);
    return new Meaning.Question(turnRequest());
  }

  private Meaning unopened(FailureSignal why) {
    reader.failed(why);
    return new Meaning.End();
  }

  private static Meaning question(JsonNode request) {
    var params = request.path("params");
    return switch (request.path("method").asText()) {
      case "item/commandExecution/requestApproval" ->
          asks(request, "commandExecution", AgentQuestion.wish(params.path("command")));
      case "item/fileChange/requestApproval" ->
          asks(
              request,
              "fileChange",
              JsonPaths.text(params, "reason")
                  .or(() -> JsonPaths.text(params, "grantRoot"))
                  .orElse("changes to files"));
      default -> new Meaning.Question(JsonRpc.refusal(request, "nobody is there to be asked"));
    };
  }

  private static Meaning asks(JsonNode request, String item, String wish) {
    return new Meaning.Asks(
        new AgentQuestion(
            request.path("id").toString(), List.of(item), item, Optional.of(item), wish),
        (allowed, _) ->
            JsonRpc.answer(request, Map.of("decision", allowed ? "accept" : "decline")));
  }
}
