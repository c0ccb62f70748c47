package dev.turnout.backend.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.turnout.failure.FailureSignal;
import dev.turnout.livesession.LiveGreeting;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The Agent Client Protocol, version 1, as a client that has no files and no terminals to offer.
 * One session in a process. The turn that a process is started for opens the session, new or
 * loaded; those after it only prompt.
 */
final class AcpLines implements LiveLines {
  private static final Pattern SERVER_CALL =
      Pattern.compile("([\\w.-]{1,64}) \\(([A-Za-z0-9_-]{1,32}) MCP Server\\)");

  private static final int VERSION = 1;

  /**
   * A request of nothing. Names that begin so are free for extensions, and an agent that does not
   * know one has to say so: <a
   * href="https://agentclientprotocol.com/protocol/extensibility">Extensibility</a>.
   */
  private static final String NOTHING = "_turnout/settled";

  private final AcpReader reader;
  private final Optional<String> resumed;
  private final Path workspace;
  private final Optional<String> model;
  private final boolean staysOpen;
  private final long open = JsonRpc.newId();
  private final long choice = JsonRpc.newId();
  private final long prompt = JsonRpc.newId();
  private final long settled = JsonRpc.newId();
  private boolean fresh;
  private boolean prompted;
  private boolean cancelled;
  private String session;
  private String text = "";
  private String openMethod = "session/new";
  private List<AcpServer> servers = List.of();

  /**
   * A turn.
   *
   * @param reader told of what happens before the agent has the prompt
   * @param resumed the conversation to go on with
   * @param model what the protocol has to choose; empty when an argument does, or nobody
   * @param staysOpen whether the process keeps the session after this turn
   */
  AcpLines(
      AcpReader reader,
      Optional<String> resumed,
      Path workspace,
      Optional<String> model,
      boolean staysOpen) {
    this.reader = reader;
    this.resumed = resumed;
    this.workspace = workspace;
    this.model = model;
    this.staysOpen = staysOpen;
    this.session = resumed.orElse("");
  }

  @Override
  public void serves(List<AcpServer> offered) {
    servers = offered;
  }

  @Override
  public LiveGreeting greeting() {
    fresh = true;
    return new Handshake(
        Map.of(
            "protocolVersion",
            VERSION,
            "clientCapabilities",
            Map.of("fs", Map.of("readTextFile", false, "writeTextFile", false), "terminal", false),
            "clientInfo",
            Handshake.CLIENT),
        this::refusal,
        reader::failed);
  }

  /** Reads what the agent can do; told is why it is of no use for this turn. */
  private Optional<FailureSignal> refusal(JsonNode answer) {
    if (answer.has("error")) {
      return Optional.of(reader.errorOf(answer));
    }
    var result = answer.path("result");
    if (result.path("protocolVersion").asInt() != VERSION) {
      return Optional.of(
          new FailureSignal.ProtocolBroken(
              "the agent speaks version " + result.path("protocolVersion") + " of ACP, not 1"));
    }
    var able = result.path("agentCapabilities");
    if (!able.path("mcpCapabilities").path("http").asBoolean(false)) {
      servers.stream().filter(AcpServer::remote).map(AcpServer::name).forEach(reader::cannotReach);
      servers = servers.stream().filter(server -> !server.remote()).toList();
    }
    // With resume the conversation is not told to us again.
    boolean resumes = able.path("sessionCapabilities").path("resume").isObject();
    boolean loads = able.path("loadSession").asBoolean(false);
    if (resumed.isPresent()) {
      openMethod = resumes ? "session/resume" : "session/load";
    }
    if (!resumes && !loads) {
      if (resumed.isPresent()) {
        return Optional.of(
            new FailureSignal.SessionUnknown(
                resumed.get(), "this agent cannot go on with a conversation in a new process"));
      }
      if (!staysOpen) {
        reader.forgetsSession();
      }
    }
    return Optional.empty();
  }

  @Override
  public String input(String newPrompt) {
    text = newPrompt;
    return fresh ? openRequest() : promptRequest();
  }

  private String openRequest() {
    var params = new LinkedHashMap<String, Object>();
    resumed.ifPresent(id -> params.put("sessionId", id));
    params.put("cwd", workspace.toString());
    params.put("mcpServers", servers.stream().map(AcpServer::entry).toList());
    return JsonRpc.request(open, openMethod, params);
  }

  private String promptRequest() {
    prompted = true;
    return JsonRpc.request(
        prompt,
        "session/prompt",
        Map.of("sessionId", session, "prompt", List.of(Map.of("type", "text", "text", text))));
  }

  @Override
  public Optional<String> interruption() {
    // A session that is not open yet cannot be told anything.
    if (!prompted) {
      return Optional.empty();
    }
    cancelled = true;
    return Optional.of(JsonRpc.notification("session/cancel", Map.of("sessionId", session)));
  }

  @Override
  public Meaning of(JsonNode line) {
    if (JsonRpc.isRequest(line)) {
      return question(line);
    }
    if (JsonRpc.isAnswer(line, prompt)) {
      // Updates do not say of which turn they are, and some agents send a few more of one that was
      // cancelled: those that are on the way come before the answer to a request made now.
      return cancelled
          ? new Meaning.Question(JsonRpc.request(settled, NOTHING, Map.of()))
          : new Meaning.End();
    }
    if (JsonRpc.isAnswer(line, settled)) {
      return new Meaning.End();
    }
    if (JsonRpc.isAnswer(line, open)) {
      return opened(line);
    }
    if (JsonRpc.isAnswer(line, choice)) {
      return line.has("error")
          ? unopened(reader.errorOf(line))
          : new Meaning.Question(promptRequest());
    }
    // A loaded session repeats all of its conversation before it is open.
    boolean mine =
        prompted
            && JsonRpc.isNotification(line, "session/update")
            && line.path("params").path("sessionId").asText().equals(session);
    return mine ? new Meaning.Part() : new Meaning.Aside();
  }

  private Meaning opened(JsonNode line) {
    if (line.has("error")) {
      var error = reader.errorOf(line);
      return unopened(
          resumed
              .<FailureSignal>map(
                  id -> new FailureSignal.SessionUnknown(id, AcpFailures.words(line)))
              .filter(_ -> AcpFailures.isOfSession(line))
              .orElse(error));
    }
    var result = line.path("result");
    session = JsonPaths.text(result, "sessionId").orElse(session);
    if (session.isEmpty()) {
      return unopened(new FailureSignal.ProtocolBroken("a new session has no id"));
    }
    reader.opened(session);
    if (model.isEmpty()
        || result.path("models").path("currentModelId").asText().equals(model.get())) {
      return new Meaning.Question(promptRequest());
    }
    return chosen(result, model.get())
        .<Meaning>map(Meaning.Question::new)
        .orElseGet(
            () ->
                unopened(
                    new FailureSignal.ConfigMissing(
                        "model-args: the agent has no choice of models in its protocol, and the"
                            + " turn wants "
                            + model.get())));
  }

  /** Agents have two ways to choose a model, of which they offer one or none. */
  private Optional<String> chosen(JsonNode session, String wanted) {
    for (var option : session.path("configOptions")) {
      if (option.path("category").asText().equals("model")) {
        return Optional.of(
            JsonRpc.request(
                choice,
                "session/set_config_option",
                Map.of(
                    "sessionId",
                    this.session,
                    "configId",
                    option.path("id").asText(),
                    "value",
                    wanted)));
      }
    }
    return session.has("models")
        ? Optional.of(
            JsonRpc.request(
                choice, "session/set_model", Map.of("sessionId", this.session, "modelId", wanted)))
        : Optional.empty();
  }

  private Meaning unopened(FailureSignal why) {
    reader.failed(why);
    return new Meaning.End();
  }

  private static Meaning question(JsonNode request) {
    if (!request.path("method").asText().equals("session/request_permission")) {
      return new Meaning.Question(
          JsonRpc.refusal(request, "this client has no files and no terminals"));
    }
    var call = request.path("params").path("toolCall");
    var kind = JsonPaths.text(call, "kind");
    var title = JsonPaths.text(call, "title").orElse("a tool");
    var names = new ArrayList<String>();
    kind.ifPresent(names::add);
    // The title of a command is the command, which the model wrote: no policy can go by it.
    if (!kind.equals(Optional.of("execute"))) {
      names.add(title);
    }
    if (kind.isEmpty() || kind.equals(Optional.of("other"))) {
      toolOfServer(title).ifPresent(names::add);
    }
    var wish =
        JsonPaths.at(call, "rawInput")
            .map(AgentQuestion::wish)
            .or(() -> JsonPaths.text(call, "content.0.content.text"))
            .orElse(title);
    return new Meaning.Asks(
        new AgentQuestion(request.path("id").toString(), names, title, kind, wish),
        (allowed, _) -> choice(request, allowed ? "allow_once" : "reject_once"));
  }

  /**
   * The name that a policy has for a tool of an MCP server. Gemini CLI, and those made from it,
   * give such a call a title of the two registered names and the kind {@code other}; the titles of
   * other kinds have words of the model in them.
   */
  private static Optional<String> toolOfServer(String title) {
    var call = SERVER_CALL.matcher(title);
    return call.matches()
        ? Optional.of("mcp__" + call.group(2) + "__" + call.group(1))
        : Optional.empty();
  }

  private static String choice(JsonNode request, String kind) {
    for (var option : request.path("params").path("options")) {
      if (option.path("kind").asText().equals(kind)) {
        return JsonRpc.answer(
            request,
            Map.of(
                "outcome",
                Map.of("outcome", "selected", "optionId", option.path("optionId").asText())));
      }
    }
    // Nothing that fits: what is not chosen is not allowed.
    return JsonRpc.answer(request, Map.of("outcome", Map.of("outcome", "cancelled")));
  }
}
