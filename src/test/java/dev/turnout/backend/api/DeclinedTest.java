package dev.turnout.backend.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.turnout.authprofile.Credential;
import dev.turnout.backend.AttemptResult;
import dev.turnout.backend.AttemptResult.Failed;
import dev.turnout.failure.FailureSignal;
import dev.turnout.settings.AuthProfileSettings.CredentialKind;
import dev.turnout.testing.TestSettings;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a model says when it will not answer, however long it goes on. */
@Timeout(60)
class DeclinedTest {
  private static AttemptResult declined(int pieces, int length) {
    var settings = TestSettings.api("api");
    var key = new Credential(CredentialKind.API_KEY, "KEY", "k3y");
    var call = new ModelCall(settings, "m", key, Optional.empty(), List.of());
    var piece = new StreamPart.Declined("n".repeat(length));
    var stream =
        new ModelStream() {
          @Override
          public void read(ModelCall ignored, Parts parts) throws InterruptedException {
            for (int i = 0; i < pieces; i++) {
              parts.put(piece);
            }
            parts.put(new StreamPart.Stopped("stop"));
          }

          @Override
          public FailureSignal signal(ModelCall ignored, RuntimeException thrown) {
            return new FailureSignal.Unexpected(thrown.toString());
          }
        };
    return new ModelExchange(call, stream, _ -> {}).run();
  }

  @Test
  void isOutputThatHasALimit() {
    long limit = TestSettings.api("api").maxOutputBytes();
    int pieces = (int) (limit / 1000) + 1;

    assertEquals(
        new FailureSignal.TooMuchOutput(limit),
        assertInstanceOf(Failed.class, declined(pieces, 1000)).signal());
  }

  @Test
  void isKeptAsFarAsItIsShown() {
    var failed = assertInstanceOf(Failed.class, declined(3, 1500));

    var refused = assertInstanceOf(FailureSignal.Refused.class, failed.signal());
    assertEquals("n".repeat(FailureSignal.EXCERPT_LIMIT) + "…", refused.partial());
  }
}
