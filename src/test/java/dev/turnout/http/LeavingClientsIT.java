package dev.turnout.http;

import static dev.turnout.http.Api.newSession;
import static dev.turnout.http.Api.says;
import static dev.turnout.http.Api.submit;
import static dev.turnout.http.RawHttp.head;
import static dev.turnout.testing.Patience.await;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Nobody works for a client that left, whenever it did. */
@QuarkusTest
@TestProfile(FuzzedApplication.class)
@Timeout(120)
class LeavingClientsIT {
  @Inject StreamSeats seats;
  @Inject MarkedRequest marked;

  private String turn;

  @BeforeEach
  void submitWhatWaits() {
    turn = submit(newSession(), says("ok", "\"notBefore\":\"2096-01-01T00:00:00Z\"")).path("id");
  }

  @AfterEach
  void leaveNothing() {
    Api.endEverything();
  }

  @Test
  void aStreamThatStoodInLineOnAConnectionThatClosedIsNotKeptOpen() throws Exception {
    var stream = head("GET", "/v1/turns/" + turn + "/events");
    try (var wire = new RawHttp()) {
      wire.send(stream + "\r\n" + stream + MarkedRequest.MARK + "\r\n");
      readHead(wire);
    }
    assertTrue(marked.arrives());

    assertTrue(marked.isAnswered());
    await().until(() -> seats.taken() == 0);
  }

  private static void readHead(RawHttp wire) throws IOException {
    assertTrue(wire.first(12).endsWith("200"));
  }
}
