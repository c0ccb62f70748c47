package dev.turnout.backend.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.turnout.failure.FailureClassifier;
import dev.turnout.failure.FailureSignal;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How six agents really told of a failure of their API, and what it comes to. */
class AcpFailuresTest {
  private static String reason(FailureSignal signal) {
    return new FailureClassifier().classify(signal, Instant.EPOCH).reason().code();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "GEMINI | {'code':401,'message':'{\\'error\\':{\\'code\\':401,\\'message\\':\\'invalid\\'}}'} |"
            + " auth_invalid",
        "GEMINI | {'code':429,'message':'slow.\\nSuggested retry after 60s.'} | rate_limit",
        "GEMINI | {'code':429,'message':'You have exhausted your daily quota on this model.'} |"
            + " quota_window",
        "GEMINI | {'code':500,'message':'model: fake-missing-model'} | model_not_found",
        "GEMINI | {'code':500,'message':'terminated'} | network",
        "CLAUDE | {'code':-32000,'message':'Authentication required'} | auth_invalid",
        "CLAUDE | {'code':-32603,'message':'Request rejected (429)','data':{'errorKind':'rate_limit'}} |"
            + " rate_limit",
        "CLAUDE | {'code':-32603,'message':'no','data':{'errorKind':'model_not_found'}} |"
            + " model_not_found",
        "CODEX | {'code':-32603,'message':'Internal error','data':{'message':'limit','codexErrorInfo':"
            + "'usageLimitExceeded'}} | quota_window",
        "OTHER | {'code':-32603,'message':'Internal error','data':{'details':'401 invalid x-api-key'}} |"
            + " auth_invalid",
        "OTHER | {'code':-32603,'message':'Internal error','data':{'details':'404 model: x'}} |"
            + " model_not_found",
      })
  void errorOfAPromptHasItsTrueReason(AcpAgent agent, String error, String reason) {
    var line =
        JsonPaths.object("{\"error\":" + error.replace("\\'", "\\\"").replace('\'', '"') + "}");

    assertEquals(reason, reason(AcpFailures.read(agent, line.orElseThrow())));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Error: 400 You're out of extra usage. Add more. | billing",
        "Error: Authentication failed with provider at http://x/v1 (HTTP 401). Check your key. |"
            + " auth_invalid",
        "Error: Failed to get response; retried 5 times Last error: 529 Overloaded | overloaded",
      })
  void copilotTellsAFailureAsAnAnswer(String answer, String reason) {
    var told = AcpFailures.toldAsAnswer(AcpAgent.COPILOT, Optional.empty(), answer, true);

    assertEquals(Optional.of(reason), told.map(AcpFailuresTest::reason));
    assertEquals(
        Optional.empty(), AcpFailures.toldAsAnswer(AcpAgent.OTHER, Optional.empty(), answer, true));
  }

  @ParameterizedTest
  @CsvSource({
    "'unexpected status 403 Forbidden: no permission', permission",
    "'exceeded retry limit, last status: 429 Too Many Requests', rate_limit",
    "model: fake-missing-model, model_not_found",
  })
  void codexTellsAFailureAsWordsOfItsOwn(String aside, String reason) {
    var told = AcpFailures.toldAsAnswer(AcpAgent.CODEX, Optional.of(aside + "\n\n"), "", false);

    assertEquals(Optional.of(reason), told.map(AcpFailuresTest::reason));
    assertEquals(
        Optional.empty(),
        AcpFailures.toldAsAnswer(AcpAgent.CODEX, Optional.of("Warning: new"), "hello", false));
  }
}
