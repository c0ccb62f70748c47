package dev.turnout.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads which addresses Turnout may ask. */
final class EgressReader {
  private EgressReader() {}

  static EgressSettings read(TurnoutConfig.Egress egress, Violations violations) {
    return new EgressSettings(
        egress.loopback(),
        networks("egress.allow", egress.allow(), violations),
        networks("egress.deny", egress.deny(), violations));
  }

  private static List<Network> networks(
      String key, Optional<List<String>> texts, Violations violations) {
    var networks = new ArrayList<Network>();
    for (var text : texts.orElse(List.of())) {
      Network.of(text)
          .ifPresentOrElse(
              networks::add,
              () -> violations.add(key, text, "a network such as 10.0.0.0/8 or fd00:ec2::254"));
    }
    return networks;
  }
}
