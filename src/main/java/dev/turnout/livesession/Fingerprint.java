package dev.turnout.livesession;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a process was started with: named parts, each of which makes it stale when it changes. Fit
 * to be shown: whatever may hold a secret is put in as a {@link #digest}.
 */
public record Fingerprint(SortedMap<String, String> parts) {
  /** Anew with each start of ours, so that no digest can be looked up anywhere. */
  private static final byte[] SALT = new byte[16];

  static {
    new SecureRandom().nextBytes(SALT);
  }

  public Fingerprint {
    parts = Collections.unmodifiableSortedMap(new TreeMap<>(parts));
  }

  public static Fingerprint of(Map<String, String> parts) {
    return new Fingerprint(new TreeMap<>(parts));
  }

  /** A short stand-in for a text: equal texts have equal ones, while this program runs. */
  public static String digest(String text) {
    try {
      var sha = MessageDigest.getInstance("SHA-256");
      sha.update(SALT);
      return HexFormat.of()
          .formatHex(sha.digest(text.getBytes(StandardCharsets.UTF_8)))
          .substring(0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** The names of the parts that differ, in order. */
  public List<String> differences(Fingerprint other) {
    var names = new TreeSet<>(parts.keySet());
    names.addAll(other.parts.keySet());
    return names.stream()
        .filter(name -> !Objects.equals(parts.get(name), other.parts.get(name)))
        .toList();
  }
}
