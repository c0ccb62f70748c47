package dev.turnout.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which addresses Turnout may ask. */
class EgressSettingsTest {
  private static boolean asks(EgressSettings egress, String address) {
    return egress.refusal(InetAddress.ofLiteral(address)).isEmpty();
  }

  private static List<Network> networks(String... texts) {
    return Stream.of(texts).map(text -> Network.of(text).orElseThrow()).toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "169.254.169.254",
        "169.254.170.2",
        "fd00:ec2::254",
        "fe80::1",
        "fd20:ce::254",
        "100.100.100.200",
        "168.63.129.16",
        "192.0.0.192",
        "0.0.0.0",
        "0.1.2.3",
        "::",
        "224.0.0.1",
        "255.255.255.255",
        "ff02::1",
        "::ffff:169.254.169.254",
        "64:ff9b::a9fe:a9fe"
      })
  void whereCloudsHandOutCredentialsNobodyIsAsked(String address) {
    assertTrue(!asks(EgressSettings.STANDARD, address));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "::1",
        "10.0.0.7",
        "192.168.1.9",
        "fd12:3456::1",
        "104.18.6.192",
        "2606::1"
      })
  void localModelsAndTheRestOfTheWorldAreAsked(String address) {
    assertTrue(asks(EgressSettings.STANDARD, address));
  }

  @Test
  void theLoopbackCanBeClosedWithAllItsAddresses() {
    var closed = new EgressSettings(false, List.of(), List.of());

    for (var address : List.of("127.0.0.1", "127.255.0.3", "::1", "64:ff9b::7f00:1")) {
      assertEquals(
          Optional.of("turnout.egress.loopback is false"),
          closed.refusal(InetAddress.ofLiteral(address)));
    }
    assertTrue(asks(closed, "10.0.0.7"));
  }

  @Test
  void whatIsAllowedIsAskedWhateverElseIsDenied() {
    var strict =
        new EgressSettings(
            false, networks("10.1.0.0/16", "169.254.7.7"), networks("0.0.0.0/0", "::/0"));

    assertTrue(asks(strict, "10.1.255.255"));
    assertTrue(asks(strict, "169.254.7.7"));
    for (var address : List.of("10.2.0.0", "169.254.7.8", "1.1.1.1", "2606::1", "127.0.0.1")) {
      assertTrue(!asks(strict, address), address);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "10",
        "10.0.0.0/33",
        "10.0.0.0/-1",
        "::/129",
        "localhost",
        "example.org/8",
        "1.2.3/8",
        "10.0.0.0/8/8",
        "fe80::1%eth0",
        "0x7f.0.0.1"
      })
  void whatIsNoNetworkIsNone(String text) {
    assertEquals(Optional.empty(), Network.of(text));
  }
}
