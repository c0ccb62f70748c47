package dev.turnout.http;

import dev.turnout.testing.ScriptedApplication;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Server-sent events as a client reads them. */
final class EventReader implements AutoCloseable {
  /** A stream that says nothing at all for so long has failed its test. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final HttpClient client;
  private final HttpResponse<InputStream> response;
  private final BufferedReader lines;

  private EventReader(HttpClient client, HttpResponse<InputStream> response) {
    this.client = client;
    this.response = response;
    this.lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
  }

  /** One event; the id is empty where it has none. */
  record Event(String id, String type, String data) {
    JsonPath json() {
      return JsonPath.from(data);
    }
  }

  static EventReader of(String turn, String... headers) throws IOException, InterruptedException {
    return open(request("/v1/turns/" + turn + "/events", headers).GET());
  }

  /** Follows a turn from its submission on. */
  static EventReader submitting(String session, String body)
      throws IOException, InterruptedException {
    return open(
        request("/v1/sessions/" + session + "/turns", "Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body)));
  }

  private static HttpRequest.Builder request(String path, String... headers) {
    var request =
        HttpRequest.newBuilder(URI.create("http://localhost:" + RestAssured.port + path))
            .timeout(PATIENCE)
            .header("Authorization", "Bearer " + ScriptedApplication.ADMIN_KEY)
            .header("Accept", "text/event-stream");
    return headers.length == 0 ? request : request.headers(headers);
  }

  private static EventReader open(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    var client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    return new EventReader(client, client.send(request.build(), BodyHandlers.ofInputStream()));
  }

  HttpResponse<InputStream> response() {
    return response;
  }

  /** The next event, heartbeats included; empty when the stream has ended. */
  Optional<Event> nextOrBeat() throws IOException {
    String id = "";
    String type = "";
    var data = new StringBuilder();
    for (var line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.isEmpty() && !data.isEmpty()) {
        return Optional.of(new Event(id, type, data.toString()));
      }
      if (line.startsWith("id: ")) {
        id = line.substring(4);
      } else if (line.startsWith("event: ")) {
        type = line.substring(7);
      } else if (line.startsWith("data: ")) {
        data.append(line.substring(6));
      }
    }
    return Optional.empty();
  }

  /** The next event of the log; empty when the stream has ended. */
  Optional<Event> next() throws IOException {
    while (true) {
      var event = nextOrBeat();
      if (event.isEmpty() || !event.get().type().equals("heartbeat")) {
        return event;
      }
    }
  }

  /** Reads on until an event of this type has come, and answers all up to it. */
  List<Event> until(String type) throws IOException {
    var events = new ArrayList<Event>();
    while (true) {
      var event =
          next().orElseThrow(() -> new AssertionError("no " + type + " came, only " + events));
      events.add(event);
      if (event.type().equals(type)) {
        return events;
      }
    }
  }

  /** Reads to the end of the stream. */
  List<Event> rest() throws IOException {
    var events = new ArrayList<Event>();
    for (var event = next(); event.isPresent(); event = next()) {
      events.add(event.get());
    }
    return events;
  }

  /** Leaves, whether the stream has ended or not. */
  @Override
  public void close() {
    client.shutdownNow();
  }
}
