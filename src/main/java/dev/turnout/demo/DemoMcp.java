package dev.turnout.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/** As much of an MCP client as the demo agent needs: one call of one of Turnout's own tools. */
final class DemoMcp {
  private static final Pattern URL = Pattern.compile("\"url\":\"([^\"]+)\"");
  private static final Pattern AUTHORIZATION = Pattern.compile("\"Authorization\":\"([^\"]+)\"");

  private DemoMcp() {}

  /** What the server answers, as it stands there; or why there is no answer. */
  static String call(String tool, String input) throws IOException, InterruptedException {
    var config = System.getenv("TURNOUT_MCP_CONFIG");
    if (config == null) {
      return "no tools: TURNOUT_MCP_CONFIG is not set";
    }
    var text = Files.readString(Path.of(config));
    var url = URL.matcher(text);
    var authorization = AUTHORIZATION.matcher(text);
    if (!url.find() || !authorization.find()) {
      return "no server in " + config;
    }
    try (var client = HttpClient.newHttpClient()) {
      var hello =
          post(
              client,
              url.group(1),
              authorization.group(1),
              Optional.empty(),
              "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":"
                  + "\"2025-06-18\",\"capabilities\":{},\"clientInfo\":{\"name\":\"demo\",\"version\":\"1\"}}}");
      if (hello.statusCode() != 200) {
        return "status " + hello.statusCode();
      }
      var session = hello.headers().firstValue("Mcp-Session-Id");
      post(
          client,
          url.group(1),
          authorization.group(1),
          session,
          "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");
      var answer =
          post(
              client,
              url.group(1),
              authorization.group(1),
              session,
              "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/call\",\"params\":{\"name\":"
                  + FlatJson.quote(tool)
                  + ",\"arguments\":"
                  + input
                  + "}}");
      return answer.statusCode() == 200 ? answer.body().strip() : "status " + answer.statusCode();
    }
  }

  private static HttpResponse<String> post(
      HttpClient client, String url, String authorization, Optional<String> session, String body)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create(url))
            .header("Authorization", authorization)
            .header("Content-Type", "application/json")
            .header("Accept", "application/json, text/event-stream")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    session.ifPresent(id -> request.header("Mcp-Session-Id", id));
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }
}
