package dev.turnout.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.client.api.KeysApi;
import dev.turnout.client.api.SessionsApi;
import dev.turnout.client.api.TurnsApi;
import dev.turnout.client.model.SubmitTurn;
import dev.turnout.client.model.TurnInput;
import java.net.URI;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The generated client against a running Turnout, whose address and key are in the environment. */
class SmokeTest {
  private final ApiClient client = client(System.getenv("TURNOUT_KEY"));
  private final String session = "sdk:" + UUID.randomUUID();

  @Test
  void aTurnIsSubmittedAndAnswered() throws ApiException {
    var turns = new TurnsApi(client);
    var body = new SubmitTurn().input(new TurnInput().text("Hello from Java"));

    var turn =
        turns.submitTurn(session, body, null, UUID.randomUUID().toString(), "wait=30");

    assertEquals("succeeded", turn.getState().getValue());
    assertTrue(turn.getAnswer().getText().contains("Hello from Java"), turn::toString);
    assertEquals(turn.getId(), turns.getTurn(turn.getId().toString(), null, null).getId());
    var page = new SessionsApi(client).listSessionTurns(session, null, null, null);
    assertEquals(1, page.getItems().size());
  }

  @Test
  void aProblemCanBeRead() {
    var refused =
        assertThrows(
            ApiException.class,
            () -> new TurnsApi(client).getTurn(UUID.randomUUID().toString(), null, null));

    assertEquals(404, refused.getCode());
    assertTrue(refused.getResponseBody().contains("\"code\":\"turn_not_found\""));
  }

  @Test
  void aWrongKeyIsRefused() {
    var refused =
        assertThrows(
            ApiException.class,
            () -> new KeysApi(client("turnout_wrong")).listApiKeys(null, null));

    assertEquals(401, refused.getCode());
  }

  private static ApiClient client(String key) {
    var client = new ApiClient();
    client.updateBaseUri(URI.create(System.getenv("TURNOUT_URL")).toString());
    client.setRequestInterceptor(request -> request.header("Authorization", "Bearer " + key));
    return client;
  }
}
