package dev.turnout.testing;

import static dev.turnout.testing.FakeJson.object;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;

/**
 * A model API on the loopback that speaks the wire protocols of four providers, so that agent CLIs
 * and SDKs can be tested for real without a real model.
 *
 * <p>A behaviour is chosen by the first of: one queued with {@link #next}; a marker {@code
 * [[fake:NAME key=value]]} in the newest user text; the one given to {@link #otherwise}. On a
 * marker {@code times=N} limits it to the first N requests that carry this very marker.
 *
 * <pre>
 *   ok text= cached=            FAKE-OK turn=(user texts seen) model=(model asked for)
 *   slow chunks= ms=            in delayed pieces        wait ms=     silent, then ok
 *   tool name= input={} calls=  calls a tool (a suffix of its name will do), then FAKE-TOOL-DONE
 *   long chars=   thinking   refusal   maxtokens
 *   e400 e400usage e400usage2 e400credit e400toolong e401 e402 e403 e404 e413 e429 e429quota
 *   e500 e502 e503 e529         errors; retryAfter= shouldRetry= unified= type= message= status=
 *   sseerror type= message=     an error event after the stream began
 *   drop after=                 cut in mid-stream        dropnow      cut before the first byte
 *   stall after=                silent in mid-stream     hang         silent from the start
 *   empty, garbage              200 with nothing, 200 with HTML
 * </pre>
 */
public final class FakeModelApi implements AutoCloseable {
  /** The credential to use with it; the log says whether it arrived. */
  public static final String KEY = "fake-key-7f3a9c51e2";

  /**
   * Where it tells of its requests, as a JSON list of texts: for tests that another class loader
   * has loaded than the one that started it, as under Quarkus. Asking is not logged.
   */
  public static final String LOG = "/__log";

  private static final List<String> CREDENTIALS =
      List.of("x-api-key", "authorization", "x-goog-api-key");
  private static final Pattern GEMINI =
      Pattern.compile(".*/models/([^/:]+):(generateContent|streamGenerateContent|countTokens)");
  private static final Map<String, String> JSON = Map.of("content-type", "application/json");

  /**
   * A request as the log keeps it. No credential's value is kept.
   *
   * @param dialect absent when it was for no model
   * @param messages how many messages the conversation had
   * @param credentials the names of the credential headers that came
   * @param authentic whether one of them carried {@link #KEY}
   * @param headers the others, by their lower-case names
   */
  public record Seen(
      String method,
      String path,
      Optional<FakeDialect> dialect,
      String model,
      boolean stream,
      int messages,
      int tools,
      String behaviour,
      String newestUserText,
      String body,
      List<String> credentials,
      boolean authentic,
      Map<String, String> headers,
      AtomicBoolean clientLeft) {}

  private final FakeHttpServer server = new FakeHttpServer(this::handle);
  private final List<Seen> log = new CopyOnWriteArrayList<>();
  private final Deque<FakeBehaviour> queued = new ArrayDeque<>();
  private final Map<String, Integer> timesSeen = new HashMap<>();
  private FakeBehaviour otherwise = FakeBehaviour.parse("ok");

  private FakeModelApi() {}

  public static FakeModelApi start() {
    return new FakeModelApi();
  }

  /** The root, as Anthropic's SDK and CLI want it; OpenAI's want {@code /v1} behind it. */
  public URI uri() {
    return server.uri();
  }

  public URI v1() {
    return URI.create(uri() + "/v1");
  }

  /** The next model request gets this behaviour, whatever it says. May be called repeatedly. */
  public synchronized FakeModelApi next(String behaviour) {
    queued.add(FakeBehaviour.parse(behaviour));
    return this;
  }

  /** What requests get that nothing else decides; {@code ok} at first. */
  public synchronized FakeModelApi otherwise(String behaviour) {
    otherwise = FakeBehaviour.parse(behaviour);
    return this;
  }

  /** All requests so far, in the order of their arrival. */
  public List<Seen> log() {
    return List.copyOf(log);
  }

  /** The requests for a model's answer, without listings and counts of tokens. */
  public List<Seen> modelRequests() {
    return log.stream().filter(seen -> seen.dialect().isPresent()).toList();
  }

  public synchronized void forget() {
    log.clear();
    queued.clear();
    timesSeen.clear();
  }

  /** Connections that clients hold to it now, idle ones included. */
  public int openConnections() {
    return server.openConnections();
  }

  @Override
  public void close() {
    server.close();
  }

  private void handle(FakeHttpServer.Exchange exchange) throws IOException {
    var path = exchange.target.split("\\?", 2)[0];
    if (path.equals(LOG)) {
      var heard = log.stream().map(seen -> seen.path() + " " + seen.body()).toList();
      exchange.reply(200, JSON, new ObjectMapper().writeValueAsString(heard));
      return;
    }
    var request = route(exchange, path);
    if (request.isEmpty()) {
      log.add(seen(exchange, path, Optional.empty(), "none"));
      answerBesideTheModel(exchange, path);
      return;
    }
    var behaviour = choose(request.get());
    var seen = seen(exchange, path, request, behaviour.name());
    log.add(seen);
    try {
      new FakeScript(exchange, request.get(), behaviour).play();
    } catch (IOException e) {
      seen.clientLeft().set(true);
      throw e;
    }
  }

  private static Optional<FakeRequest> route(FakeHttpServer.Exchange exchange, String path) {
    var body = FakeJson.tree(exchange.body);
    if (!exchange.method.equals("POST")) {
      return Optional.empty();
    }
    if (path.endsWith("/v1/messages")) {
      return Optional.of(FakeRequest.anthropic(body));
    }
    if (path.endsWith("/responses")) {
      return Optional.of(FakeRequest.responses(body));
    }
    if (path.endsWith("/chat/completions")) {
      return Optional.of(FakeRequest.chat(body));
    }
    var gemini = GEMINI.matcher(path);
    return gemini.matches() && !gemini.group(2).equals("countTokens")
        ? Optional.of(
            FakeRequest.gemini(body, gemini.group(1), gemini.group(2).startsWith("stream")))
        : Optional.empty();
  }

  private static void answerBesideTheModel(FakeHttpServer.Exchange exchange, String path)
      throws IOException {
    if (path.endsWith("/count_tokens") || path.endsWith(":countTokens")) {
      exchange.reply(200, JSON, FakeJson.text(object("input_tokens", 100, "totalTokens", 100)));
    } else if (path.endsWith("/models")) {
      var model =
          object(
              "id",
              "fake-model",
              "object",
              "model",
              "type",
              "model",
              "display_name",
              "Fake",
              "created_at",
              "2026-01-01T00:00:00Z");
      exchange.reply(
          200,
          JSON,
          FakeJson.text(
              object(
                  "object",
                  "list",
                  "data",
                  List.of(model),
                  "models",
                  List.of(),
                  "has_more",
                  false)));
    } else if (exchange.method.equals("CONNECT")) {
      exchange.reply(403, Map.of(), "no way out of here"); // a proxy variable pointed here
    } else {
      var error = object("type", "not_found_error", "message", "no such path " + path);
      exchange.reply(404, JSON, FakeJson.text(object("type", "error", "error", error)));
    }
  }

  private synchronized FakeBehaviour choose(FakeRequest request) {
    if (!queued.isEmpty()) {
      return queued.remove();
    }
    // A side question that quotes the prompt is not the prompt.
    var marked =
        request.sideQuestion()
            ? Optional.<FakeBehaviour>empty()
            : FakeBehaviour.marked(request.newestUserText());
    if (marked.isEmpty()) {
      return otherwise;
    }
    var behaviour = marked.get();
    var seen = timesSeen.merge(behaviour.source(), 1, Integer::sum);
    return seen > behaviour.number("times", Integer.MAX_VALUE)
        ? FakeBehaviour.parse("ok")
        : behaviour;
  }

  private static Seen seen(
      FakeHttpServer.Exchange exchange,
      String path,
      Optional<FakeRequest> request,
      String behaviour) {
    var others = new HashMap<>(exchange.headers);
    others.keySet().removeAll(CREDENTIALS);
    var names = new ArrayList<>(CREDENTIALS);
    names.retainAll(exchange.headers.keySet());
    return new Seen(
        exchange.method,
        path,
        request.map(FakeRequest::dialect),
        request.map(FakeRequest::model).orElse(""),
        request.map(FakeRequest::stream).orElse(false),
        request.map(r -> r.messages().size()).orElse(0),
        request.map(r -> r.tools().size()).orElse(0),
        behaviour,
        request.map(FakeRequest::newestUserText).orElse(""),
        exchange.body,
        List.copyOf(names),
        names.stream().anyMatch(name -> carriesKey(exchange.headers.get(name))),
        Map.copyOf(others),
        new AtomicBoolean());
  }

  private static boolean carriesKey(String header) {
    return header.equals(KEY) || header.equalsIgnoreCase("Bearer " + KEY);
  }
}
