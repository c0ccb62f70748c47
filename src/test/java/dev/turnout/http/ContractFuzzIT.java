package dev.turnout.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.turnout.testing.ScriptedApplication;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Sends to every published call what the description allows and what it forbids, and accepts only
 * answers that are described: never a 5xx, never a hang.
 */
@QuarkusTest
@TestProfile(FuzzedApplication.class)
class ContractFuzzIT {
  /** Of the normal run, so that it is the same on every machine. */
  private static final long SEED = 20_260_131;

  /** Longer than any call may take that does not ask to wait. */
  private static final Duration HANG = Duration.ofSeconds(60);

  /** Of a text in the address of a request, in characters. */
  private static final int LONGEST = 600;

  private static final List<String> FORMATS =
      List.of("application/json", "*/*", "text/event-stream", "text/html", "x", "application/*");
  private static final List<String> PREFERENCES =
      List.of("wait=0", "wait=1", "wait=-1", "wait=99999999999", "wait=x", "respond-async", "");

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final ObjectMapper json = new ObjectMapper();

  /** What the service has named so far: whoever guesses reaches nothing. */
  private final List<String> named = new ArrayList<>(List.of("f-0", "f-1", "f-2", "1"));

  private final Map<String, String> findings = new TreeMap<>();
  private final TreeSet<Integer> statuses = new TreeSet<>();

  @Test
  void everyCallAnswersAsItIsDescribed() throws Exception {
    fuzz(SEED, 30);
  }

  @Test
  @Tag("chaos")
  void everyCallAnswersAsItIsDescribedToMore() throws Exception {
    fuzz(System.nanoTime(), 600);
  }

  private void fuzz(long seed, int rounds) throws IOException, InterruptedException {
    System.out.println("seed of the fuzzer: " + seed);
    var contract = Contract.served();
    var calls = contract.calls();
    assertTrue(calls.size() > 40, () -> "too few to be all: " + calls);
    var values = new FuzzValues(new Random(seed), contract);
    for (int round = 0; round < rounds; round++) {
      for (var call : calls) {
        send(call, values, contract);
      }
    }
    assertEquals(Map.of(), findings, () -> "seed " + seed);
    // Whoever is refused everything has tried nothing.
    assertTrue(
        statuses.containsAll(List.of(200, 201, 202, 204, 400, 404, 415)), () -> "" + statuses);
  }

  private void send(Contract.Call call, FuzzValues values, Contract contract)
      throws IOException, InterruptedException {
    var said = new StringBuilder();
    var request = request(call, values, contract, said);
    try {
      var answer = client.send(request, BodyHandlers.ofInputStream());
      var type = answer.headers().firstValue("Content-Type").orElse(null);
      byte[] body;
      try (var in = answer.body()) {
        boolean streamed = type != null && type.startsWith("text/event-stream");
        body = streamed ? new byte[0] : in.readAllBytes();
      }
      statuses.add(answer.statusCode());
      contract
          .flaw(call, answer.statusCode(), type, body)
          .or(() -> java.util.Optional.of("is broken").filter(_ -> answer.statusCode() >= 500))
          .ifPresent(flaw -> find(call, flaw, said + "\n  -> " + new String(body, UTF_8)));
      if (answer.statusCode() < 300) {
        remember(body);
      }
    } catch (HttpTimeoutException e) {
      find(call, "hangs", said.toString());
    } catch (IOException e) {
      find(call, "cuts the connection: " + e.getMessage(), said.toString());
    }
  }

  private void find(Contract.Call call, String flaw, String said) {
    findings.putIfAbsent(call + " " + flaw, said.length() > 700 ? said.substring(0, 700) : said);
  }

  private HttpRequest request(
      Contract.Call call, FuzzValues values, Contract contract, StringBuilder said) {
    var path = call.path();
    var query = new ArrayList<String>();
    var request = HttpRequest.newBuilder().timeout(HANG);
    for (var declared : call.description().path("parameters")) {
      var parameter = contract.resolve(declared);
      var name = parameter.path("name").asText();
      switch (parameter.path("in").asText()) {
        case "path" -> path = path.replace("{" + name + "}", encoded(segment(values)));
        case "query" -> {
          if (values.chance(30)) {
            query.add(name + "=" + encoded(parameter(parameter, values)));
          }
        }
        default -> header(request, name, values, said);
      }
    }
    if (values.chance(5)) {
      query.add("not-a-parameter=1");
    }
    if (values.chance(15)) {
      request.header("Accept", values.pick(FORMATS));
    }
    var body = body(call, request, values);
    request.method(call.method(), BodyPublishers.ofByteArray(body.getBytes(UTF_8)));
    request.header("Authorization", "Bearer " + ScriptedApplication.ADMIN_KEY);
    var target = path + (query.isEmpty() ? "" : "?" + String.join("&", query));
    said.append(call.method()).append(' ').append(target).append(' ').append(body);
    return request.uri(URI.create("http://127.0.0.1:" + RestAssured.port + target)).build();
  }

  private String segment(FuzzValues values) {
    var text = values.chance(70) ? values.pick(named) : values.pick(FuzzValues.TEXTS);
    // An empty one would be another call, and a very long one is refused before there is a call.
    return text.isEmpty() || text.length() > LONGEST ? "f-0" : text;
  }

  private String parameter(JsonNode parameter, FuzzValues values) {
    if (values.chance(20)) {
      return values.pick(named);
    }
    var text =
        values.chance(50)
            ? values.value(parameter.path("schema"), 1).asText()
            : values.pick(FuzzValues.TEXTS);
    return text.length() > LONGEST ? "" : text;
  }

  private static void header(
      HttpRequest.Builder request, String name, FuzzValues values, StringBuilder said) {
    var value = name.equals("Prefer") ? values.pick(PREFERENCES) : values.pick(FuzzValues.TEXTS);
    boolean sendable = value.chars().allMatch(c -> c >= ' ' && c < 127);
    if (sendable && value.length() < 1000 && values.chance(30)) {
      request.header(name, value);
      said.append(name).append(": ").append(value).append('\n');
    }
  }

  private static String body(Contract.Call call, HttpRequest.Builder request, FuzzValues values) {
    var formats = call.description().path("requestBody").path("content");
    if (formats.isEmpty()) {
      return "";
    }
    var format = formats.fieldNames().next();
    var said = format.equals("*/*") ? "application/json" : format;
    request.header("Content-Type", values.chance(4) ? "text/plain" : said);
    return values.chance(10)
        ? values.brokenBody()
        : values.value(formats.path(format).path("schema"), 0).toString();
  }

  private void remember(byte[] body) throws IOException {
    JsonNode answer;
    try {
      answer = json.readTree(body);
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      return;
    }
    for (var field : List.of("id", "next", "cursor")) {
      answer.findValuesAsText(field).stream().limit(2).forEach(named::add);
    }
    while (named.size() > 60) {
      named.remove(4);
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8).replace("+", "%20").replace("..", "%2E%2E");
  }
}
