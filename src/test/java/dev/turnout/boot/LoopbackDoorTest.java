package dev.turnout.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.vertx.http.HttpServer;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The address at which agents find us, from the moment at which there is one. */
@Timeout(60)
class LoopbackDoorTest {
  /** Says that it listens when it has been asked so often. */
  private static final class SlowServer implements HttpServer {
    private final int looks;
    private int looked;

    SlowServer(int looks) {
      this.looks = looks;
    }

    @Override
    public int getPort() {
      return ++looked > looks ? 8080 : -1;
    }

    @Override
    public int getSecurePort() {
      return -1;
    }

    @Override
    public int getManagementPort() {
      return -1;
    }

    @Override
    public URI getLocalBaseUri() {
      throw new IllegalStateException("nobody asks");
    }
  }

  private static LoopbackDoor door(HttpServer server, String plain, Duration patience) {
    return new LoopbackDoor(server, "127.0.0.1", plain, patience);
  }

  @Test
  void thereIsNoAddressUntilTheServerListens() throws InterruptedException {
    var door = door(new SlowServer(5), "enabled", Duration.ofMinutes(5));

    var before = door.mcp();
    door.awaitOpening();

    assertEquals(Optional.empty(), before);
    assertEquals(Optional.of(URI.create("http://127.0.0.1:8080/mcp")), door.mcp());
  }

  @Test
  void whoWaitedInVainWaitsForAllThatComeLater() throws InterruptedException {
    var never = new SlowServer(Integer.MAX_VALUE);
    var door = door(never, "enabled", Duration.ofMillis(1));

    door.awaitOpening();
    int looked = never.looked;
    door.awaitOpening();

    assertTrue(looked > 0);
    assertEquals(looked, never.looked);
  }

  @Test
  void nobodyWaitsForAPortThatIsSwitchedOff() throws InterruptedException {
    var never = new SlowServer(Integer.MAX_VALUE);

    door(never, "disabled", Duration.ofMinutes(5)).awaitOpening();

    assertEquals(0, never.looked);
  }

  @ParameterizedTest
  @CsvSource({"0.0.0.0, 127.0.0.1", "::1, [::1]", "10.0.0.7, 10.0.0.7"})
  void addressIsOneThatThisMachineReaches(String bound, String reached) {
    assertEquals(reached, LoopbackDoor.reachable(bound));
  }
}
