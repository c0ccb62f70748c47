package dev.turnout.backend.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.turnout.authprofile.Credential;
import dev.turnout.failure.FailureSignal.HttpRejected;
import dev.turnout.settings.AuthProfileSettings.CredentialKind;
import dev.turnout.settings.BackendSettings.Api;
import dev.turnout.settings.BackendSettings.ApiDialect;
import dev.turnout.settings.BackendSettings.TimeLimits;
import dev.turnout.turn.BackendId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RejectionsTest {
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final ModelCall CALL =
      new ModelCall(
          new Api(
              new BackendId("google"),
              ApiDialect.OPENAI,
              Optional.empty(),
              Optional.empty(),
              1,
              1,
              new TimeLimits(LONG, LONG, LONG, LONG)),
          "gemini",
          new Credential(CredentialKind.API_KEY, "KEY", "the-key-that-was-used"),
          Optional.empty(),
          List.of());

  /** As Google answers its own callers, and those of the dialect that it also speaks. */
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '~',
      value = {
        "~{\"error\":{\"code\":429,\"message\":\"slow\",\"status\":\"RESOURCE_EXHAUSTED\"}}~",
        "~[{\"error\":{\"code\":429,\"message\":\"slow\",\"status\":\"RESOURCE_EXHAUSTED\"}}]~",
      })
  void googlesStatusIsTheType(String body) throws JsonProcessingException {
    assertEquals(
        new HttpRejected(
            429, Optional.of("RESOURCE_EXHAUSTED"), Optional.of("429"), "slow", Map.of()),
        Rejections.read(CALL, 429, Map.of(), new ObjectMapper().readTree(body)));
  }
}
