package dev.turnout.authprofile;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Digests by which a text can be known again and not be read. */
public final class SecretDigest {
  private static final String HMAC = "HmacSHA256";

  private SecretDigest() {}

  /** HMAC-SHA256 of this text under this salt, hexadecimal. */
  public static String of(String text, byte[] salt) {
    try {
      var mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(salt, HMAC));
      return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      // Every Java has it.
      throw new IllegalStateException(e);
    }
  }
}
