package dev.turnout.failure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Matcher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretPatternsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "Incorrect API key provided: sk-proj-abc123DEF456ghi789. See docs.|abc123DEF456",
        "Incorrect API key provided: sk-proj-********************wxyz.|wxyz",
        "key sk-ant-api03-AbCdEf0123456789_x-y was refused|AbCdEf0123456789",
        "Authorization: Bearer AbCdEf0123456789.x~y/z|AbCdEf0123456789",
        "authorization: bearer abcdefghijklmnop|abcdefghijklmnop",
        "Authorization: Basic dXNlcjpzZWNyZXQ=|dXNlcjpzZWNyZXQ",
        "x-api-key: 0123456789abcdef|0123456789abcdef",
        "{\"api_key\":\"plainvalue77\"}|plainvalue77",
        "ANTHROPIC_API_KEY=verysecretvalue rest|verysecretvalue",
        "{\"access_token\": \"tok.en-value\"}|tok.en-value",
        "client_secret=shhhhhhh&x=1|shhhhhhh",
        "password: hunter22|hunter22",
        "GET https://host/v1?key=AIzaSyA1234567890abcdefghijklmnop HTTP|AIzaSyA1234567890",
        "GET https://host/v1?key=other-shape-of-key&x=1|other-shape",
        "key AIzaSyA1234567890abcdefghijklmnopqrstu|AIzaSyA1234567890",
        "postgres://turnout:secretpw@db:5432/x|secretpw",
        "ghp_abcdefghijklmnopqrstuvwxyz012345|abcdefghijklmnop",
        "xoxb-1234567890-abcdef|1234567890",
        "AKIAIOSFODNN7EXAMPLE is not allowed|IOSFODNN7",
        "ya29.a0AfH6SMBx-something|a0AfH6SMB",
        "turnout_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg|0123456789ABC",
        "token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl|eyJzdWIi",
      })
  void credentialIsTakenOut(String text, String secret) {
    assertTrue(text.contains(secret), "a test of something");

    var clean = SecretPatterns.redact(text);

    assertFalse(clean.contains(secret), clean);
    assertTrue(clean.contains(SecretPatterns.REDACTED), clean);
  }

  @Test
  void privateKeyIsTakenOutAlsoWhenItsEndIsCutOff() {
    var key = "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nAAAA";

    assertEquals("[redacted]", SecretPatterns.redact(key));
    assertEquals("[redacted] x", SecretPatterns.redact(key + "\n-----END RSA PRIVATE KEY----- x"));
  }

  /** Else rules would no longer find their words, and people no longer read what happened. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Incorrect API key provided",
        "Bearer authentication is required",
        "Basic information about tokens",
        "rate limit on tokens per min (TPM): Limit 30000, Requested 40000",
        "invalid x-api-key",
        "model: xai-grok-4-fast-non-reasoning",
        "The task-force of risk-management",
        "max_tokens: 4096 is too many",
        "see https://claude.ai/settings/usage and keep going",
        "request id: req_2cd8a3aafbea4ac68ddab89f",
        "请求过于频繁",
      })
  void proseStaysAsItIs(String text) {
    assertEquals(text, SecretPatterns.redact(text));
  }

  @Test
  void whatIsSecretedTwiceStaysTheSame() {
    var once = SecretPatterns.redact("api_key=verysecretvalue and Bearer AbCdEf0123456789");

    assertEquals(once, SecretPatterns.redact(once));
  }

  /** It looks only where the pattern may match; if it forgot a beginning, this would find it. */
  @Test
  void lookingAtBeginningsAloneFindsWhatThePatternFinds() {
    var random = new Random(7);
    var pieces =
        List.of(
            "sk-abcdefgh12",
            "Bearer abcdefgh12",
            "BASIC dXNlcjpzZWNyZXQ=",
            "api key: abcd",
            "x-API-key=abcd",
            "ACCESS_TOKEN=abcd",
            "refresh-token: abcd",
            "id_token=abcd",
            "auth-token=abcd",
            "session_token='abcd'",
            "client_secret=abcd",
            "secret_key=abcd",
            "secretAccessKey: abcd",
            "password=abcd",
            "passwd:abcd",
            "rk_abcdefgh1",
            "pk-abcdefgh1",
            "AIzaSyA1234567890abcdefghij",
            "ya29.abcdefghijk",
            "ghs_abcdefghijklmnop",
            "glpat-abcdefghijklmnop",
            "github_pat_abcdefghijklmnop",
            "xoxp-abcdefghij",
            "ASIAABCDEFGHIJKLMNOP",
            "hf_abcdefghijklmnop",
            "gsk_abcdefghijklmnop",
            "xai-abcdefghijklmnop",
            "nvapi-abcdefghijklmnop",
            "pplx-abcdefghijklmnop",
            "turnout_abcdefghijklmnop",
            "eyJabcdefgh.abcdefgh1.x",
            "http://me:you@there",
            "?key=abcd",
            "&token=abcd",
            "-----BEGIN PRIVATE KEY-----x-----END PRIVATE KEY-----",
            " ",
            "-",
            "_",
            "4",
            "a",
            "/",
            "\"",
            ":",
            "keys and tokens",
            "请求");
    for (int i = 0; i < 20_000; i++) {
      var text = new StringBuilder();
      for (int n = random.nextInt(8); n >= 0; n--) {
        text.append(pieces.get(random.nextInt(pieces.size())));
      }

      assertEquals(plainly(text.toString()), SecretPatterns.redact(text.toString()));
    }
  }

  private static String plainly(String text) {
    return SecretPatterns.pattern()
        .matcher(text)
        .replaceAll(
            match -> {
              var named = new StringBuilder();
              for (int group = 1; group <= match.groupCount(); group++) {
                named.append(Objects.requireNonNullElse(match.group(group), ""));
              }
              return Matcher.quoteReplacement(named + SecretPatterns.REDACTED);
            });
  }

  /** Neither in what people read, nor in what is kept for later. */
  @Test
  void nothingOfAFailureShowsACredential() {
    var secret = "sk-ant-api03-AbCdEf0123456789";
    var signal =
        new FailureSignal.HttpRejected(
            401,
            Optional.of("authentication_error"),
            Optional.of(secret),
            "the key " + secret + " is invalid",
            Map.of("request-id", secret));

    var failure = new FailureClassifier().classify(signal, Instant.EPOCH);

    assertFalse(failure.toString().contains("AbCdEf"), failure.toString());
    assertFalse(SignalFacts.of(signal).toString().contains("AbCdEf"));
    assertEquals(Optional.of("the key [redacted] is invalid"), failure.excerpt());
  }
}
