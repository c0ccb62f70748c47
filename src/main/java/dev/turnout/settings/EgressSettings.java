package dev.turnout.settings;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which addresses Turnout itself may ask. It is asked of the address that a connection is about to
 * go to, so that a name that resolves to something else the second time gains nothing.
 *
 * @param loopback whether this machine may be asked
 * @param allow what may be asked whatever else is said here
 * @param deny what may not be asked, beside {@link #NEVER}
 */
public record EgressSettings(boolean loopback, List<Network> allow, List<Network> deny) {
  /**
   * Where clouds hand out credentials to whoever asks from inside, and what is nobody's address:
   * link-local networks with the services of AWS, Azure, GCP and most others, then those that
   * Alibaba, Azure, Oracle, AWS and GCP have elsewhere, then unspecified, multicast and reserved.
   */
  static final List<Network> NEVER =
      Stream.of(
              "169.254.0.0/16",
              "fe80::/10",
              "100.100.100.200",
              "168.63.129.16",
              "192.0.0.192",
              "fd00:ec2::/32",
              "fd20:ce::254",
              "0.0.0.0/8",
              "::",
              "224.0.0.0/3",
              "ff00::/8")
          .map(text -> Network.of(text).orElseThrow())
          .toList();

  /** What holds where nothing else was decided: local models and private gateways may be asked. */
  public static final EgressSettings STANDARD = new EgressSettings(true, List.of(), List.of());

  /** Translates to the IPv4 address in its last bits. */
  private static final Network NAT64 = Network.of("64:ff9b::/96").orElseThrow();

  private static final int IPV4_BYTES = 4;

  public EgressSettings {
    allow = List.copyOf(allow);
    deny = List.copyOf(deny);
  }

  /** Why this address is not asked, as the end of a sentence; empty when it may be. */
  public Optional<String> refusal(InetAddress address) {
    var meant = meant(address);
    if (allow.stream().anyMatch(network -> network.contains(meant))) {
      return Optional.empty();
    }
    if (meant.isLoopbackAddress()) {
      return loopback ? in(deny, meant) : Optional.of("turnout.egress.loopback is false");
    }
    return in(deny, meant)
        .or(
            () ->
                in(NEVER, meant).map(network -> network + ", unless turnout.egress.allow has it"));
  }

  private static Optional<String> in(List<Network> networks, InetAddress address) {
    return networks.stream()
        .filter(network -> network.contains(address))
        .findFirst()
        .map(network -> "nothing in " + network + " is asked");
  }

  private static InetAddress meant(InetAddress address) {
    if (!NAT64.contains(address)) {
      return address;
    }
    var bytes = address.getAddress();
    try {
      return InetAddress.getByAddress(
          Arrays.copyOfRange(bytes, bytes.length - IPV4_BYTES, bytes.length));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four bytes are an address", e);
    }
  }
}
