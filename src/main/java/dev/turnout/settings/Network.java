package dev.turnout.settings;

import java.math.BigInteger;
import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Addresses that share their first bits, such as {@code 10.0.0.0/8} or {@code fd00:ec2::254}.
 *
 * @param prefix how many bits they share, 0 to 32 or 128
 */
public record Network(InetAddress address, int prefix) {
  /** A literal: a name would be looked up, and mean something else tomorrow. */
  private static final Pattern FORM =
      Pattern.compile("([0-9.]{7,15}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)(/[0-9]{1,3})?");

  /** This text as a network; empty when it is none. */
  public static Optional<Network> of(String text) {
    var form = FORM.matcher(text);
    if (!form.matches()) {
      return Optional.empty();
    }
    try {
      var address = InetAddress.ofLiteral(form.group(1));
      int bits = address.getAddress().length * Byte.SIZE;
      int prefix = form.group(2) == null ? bits : Integer.parseInt(form.group(2).substring(1));
      return prefix <= bits ? Optional.of(new Network(address, prefix)) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Whether this address is one of them; those of the other version of IP never are. */
  public boolean contains(InetAddress other) {
    var mine = address.getAddress();
    var theirs = other.getAddress();
    int rest = mine.length * Byte.SIZE - prefix;
    return mine.length == theirs.length
        && new BigInteger(1, mine)
            .shiftRight(rest)
            .equals(new BigInteger(1, theirs).shiftRight(rest));
  }

  @Override
  public String toString() {
    return address.getHostAddress() + "/" + prefix;
  }
}
