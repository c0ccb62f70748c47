package dev.turnout.http;

import dev.turnout.testing.TokenApplication;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;

/** The signing side of the issuer: keys of its own, and the tokens that it gives. */
final class Tokens {
  /** A key with the algorithm that it signs with. */
  record Signer(PublicJsonWebKey key, String algorithm) {
    static Signer rsa() {
      return of(() -> RsaJwkGenerator.generateJwk(2048), "RS256");
    }

    static Signer ec() {
      return of(() -> EcJwkGenerator.generateJwk(EllipticCurves.P256), "ES256");
    }

    private static Signer of(Generator generator, String algorithm) {
      try {
        var key = generator.generate();
        key.setKeyId(UUID.randomUUID().toString());
        return new Signer(key, algorithm);
      } catch (JoseException e) {
        throw new IllegalStateException(e);
      }
    }

    /** Another key that claims to be this one. */
    Signer impostor() {
      var other = rsa();
      other.key.setKeyId(key.getKeyId());
      return other;
    }

    private interface Generator {
      PublicJsonWebKey generate() throws JoseException;
    }
  }

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private Tokens() {}

  static String issuer() {
    return ConfigProvider.getConfig().getValue("turnout.oidc.issuer", String.class);
  }

  /** Publishes these keys and no others. */
  static void publish(Signer... signers) {
    var keys = new ArrayList<String>();
    Arrays.stream(signers)
        .forEach(signer -> keys.add(signer.key.toJson(OutputControlLevel.PUBLIC_ONLY)));
    put("/jwks", "{\"keys\":" + keys + "}");
  }

  static void silence(boolean silent) {
    put("/silent", Boolean.toString(silent));
  }

  private static void put(String path, String body) {
    var request =
        HttpRequest.newBuilder(URI.create(issuer() + path))
            .PUT(BodyPublishers.ofString(body))
            .build();
    try {
      HTTP.send(request, BodyHandlers.discarding());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The claims of somebody who may do these things in this tenant, for a minute. */
  static Map<String, Object> claims(String subject, String tenant, String... groups) {
    long now = System.currentTimeMillis() / 1000;
    var claims = new LinkedHashMap<String, Object>();
    claims.put("iss", issuer());
    claims.put("sub", subject);
    claims.put("aud", TokenApplication.AUDIENCE);
    claims.put("iat", now);
    claims.put("exp", now + 60);
    claims.put("org", Map.of("tenant", tenant));
    claims.put("groups", List.of(groups));
    return claims;
  }

  static String signed(Signer signer, Map<String, Object> claims) {
    var jws = new JsonWebSignature();
    jws.setPayload(JsonUtil.toJson(claims));
    jws.setKey(signer.key.getPrivateKey());
    jws.setKeyIdHeaderValue(signer.key.getKeyId());
    jws.setAlgorithmHeaderValue(signer.algorithm);
    return serialized(jws);
  }

  /** Signed with the public key as if it were a shared secret, which it is to nobody. */
  static String signedWithPublicKey(Signer signer, Map<String, Object> claims) {
    var jws = new JsonWebSignature();
    jws.setPayload(JsonUtil.toJson(claims));
    jws.setKey(new org.jose4j.keys.HmacKey(signer.key.getPublicKey().getEncoded()));
    jws.setKeyIdHeaderValue(signer.key.getKeyId());
    jws.setAlgorithmHeaderValue("HS256");
    return serialized(jws);
  }

  static String unsigned(Signer signer, Map<String, Object> claims) {
    return base64("{\"alg\":\"none\",\"kid\":\"" + signer.key.getKeyId() + "\"}")
        + "."
        + base64(JsonUtil.toJson(claims))
        + ".";
  }

  /** The signature of one token under the claims of another. */
  static String tampered(String token, Map<String, Object> claims) {
    var parts = token.split("\\.", -1);
    return parts[0] + "." + base64(JsonUtil.toJson(claims)) + "." + parts[2];
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String serialized(JsonWebSignature jws) {
    try {
      return jws.getCompactSerialization();
    } catch (JoseException e) {
      throw new IllegalStateException(e);
    }
  }
}
