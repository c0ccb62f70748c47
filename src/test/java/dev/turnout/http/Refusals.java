package dev.turnout.http;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.restassured.response.Response;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** What every refusal has in common: a problem of the registry, and nothing written. */
final class Refusals {
  private static final List<String> TABLES =
      List.of("session", "turn", "turn_event", "turn_timer", "idempotency", "api_key");

  private Refusals() {}

  /**
   * A request that is refused.
   *
   * @param place the pointer, parameter or header that the problem names; null for none
   */
  record Case(String name, Supplier<Response> send, ProblemType type, @Nullable String place) {
    @Override
    public String toString() {
      return name;
    }
  }

  static void check(Case refused, DataSource database) throws SQLException {
    var before = rows(database);

    var answer = refused.send().get();

    check(answer, refused.type(), refused.place());
    assertEquals(before, rows(database), "something was written");
  }

  /** This answer is a problem of this type that names this place. */
  static void check(Response answer, ProblemType type, @Nullable String place) {
    var body = answer.asString();
    assertAll(
        body,
        () -> assertEquals(type.status(), answer.statusCode()),
        () -> assertEquals("application/problem+json", answer.contentType()),
        () -> assertEquals(type.uri(), answer.path("type")),
        () -> assertEquals(type.code(), answer.path("code")),
        () -> assertEquals(type.title(), answer.path("title")),
        () -> assertEquals((Integer) type.status(), answer.<Integer>path("status")),
        () -> assertFalse(answer.<String>path("detail").isBlank()),
        () -> assertTrue(answer.<String>path("traceId").matches("[0-9a-f]{32}")),
        () -> assertFalse(body.contains("dev.turnout") || body.contains("Exception")));
    if (place != null) {
      assertTrue(places(answer).contains(place), () -> place + " is not named: " + body);
    }
  }

  private static List<String> places(Response answer) {
    var places = new ArrayList<String>();
    List<Map<String, String>> flaws = answer.path("errors");
    if (flaws != null) {
      for (var flaw : flaws) {
        for (var kind : List.of("pointer", "parameter", "header")) {
          if (flaw.containsKey(kind)) {
            places.add(flaw.get(kind));
          }
        }
      }
    }
    return places;
  }

  private static Map<String, Long> rows(DataSource database) throws SQLException {
    var counts = new java.util.TreeMap<String, Long>();
    try (var connection = database.getConnection();
        var statement = connection.createStatement()) {
      for (var table : TABLES) {
        try (var row = statement.executeQuery("select count(*) from turnout." + table)) {
          row.next();
          counts.put(table, row.getLong(1));
        }
      }
    }
    return counts;
  }
}
