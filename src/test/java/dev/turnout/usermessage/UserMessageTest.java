package dev.turnout.usermessage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.failure.FailureReason;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class UserMessageTest {
  private static final Instant NOON = Instant.parse("2026-03-06T12:00:00Z");

  /** Words that speak of money, of an API key, and of patience. */
  private static final Map<Language, List<String>> MONEY =
      Map.of(
          Language.ENGLISH,
          List.of("credit", "billing", "top it up", "pays", "paid", "balance", "money"),
          Language.CHINESE,
          List.of("余额", "账单", "充值", "欠费", "付款", "额度"));

  private static final Map<Language, List<String>> KEY =
      Map.of(Language.ENGLISH, List.of("api key"), Language.CHINESE, List.of("密钥", "api key"));

  private static final Map<Language, List<String>> PATIENCE =
      Map.of(
          Language.ENGLISH,
          List.of("wait", "later", "shortly", "sending it again", "passes by itself", "renews"),
          Language.CHINESE,
          List.of("等待", "稍后", "重试", "自动恢复"));

  /** Whom only a person can help; written down here anew, so that a slip in the code shows. */
  private static final Set<FailureReason> ONLY_A_PERSON =
      EnumSet.of(
          FailureReason.BILLING,
          FailureReason.AUTH_INVALID,
          FailureReason.AUTH_REVOKED,
          FailureReason.PERMISSION,
          FailureReason.MODEL_NOT_FOUND,
          FailureReason.CONTEXT_OVERFLOW,
          FailureReason.REQUEST_TOO_LARGE,
          FailureReason.INVALID_REQUEST,
          FailureReason.CONTENT_POLICY,
          FailureReason.REFUSAL,
          FailureReason.SPAWN_FAILED,
          FailureReason.BACKEND_CONFIG_MISSING,
          FailureReason.OUTPUT_LIMIT);

  /** One case of the whole space. */
  private record Case(
      List<FailureReason> reasons, Account account, Language language, boolean skipped) {
    String text() {
      var until = skipped ? Optional.of(NOON) : Optional.<Instant>empty();
      var ways =
          reasons.stream().map(reason -> new FailedWay(reason, skipped, until, account)).toList();
      return message(ways, language).text();
    }
  }

  /** Every multiset of reasons up to three, with every account, in every language. */
  private static Stream<Case> everything() {
    var multisets = new ArrayList<List<FailureReason>>();
    var all = FailureReason.values();
    for (int a = 0; a < all.length; a++) {
      multisets.add(List.of(all[a]));
      for (int b = a; b < all.length; b++) {
        multisets.add(List.of(all[a], all[b]));
        for (int c = b; c < all.length; c++) {
          multisets.add(List.of(all[a], all[b], all[c]));
        }
      }
    }
    return multisets.stream()
        .flatMap(reasons -> Stream.of(Account.values()).map(account -> Map.entry(reasons, account)))
        .flatMap(
            pair ->
                Stream.of(Language.values())
                    .flatMap(
                        language ->
                            Stream.of(true, false)
                                .map(s -> new Case(pair.getKey(), pair.getValue(), language, s))));
  }

  @Test
  void moneyIsOnlySpokenOfAfterABillingFailure() {
    everything()
        .filter(one -> !one.reasons().contains(FailureReason.BILLING))
        .forEach(one -> assertSaysNone(one, MONEY));
  }

  @Test
  void billingFailureIsAlwaysSpokenOf() {
    everything()
        .filter(one -> one.reasons().contains(FailureReason.BILLING))
        .forEach(one -> assertTrue(says(one, MONEY), () -> one + ": " + one.text()));
  }

  @Test
  void anApiKeyIsOnlySpokenOfToWhoHasOne() {
    everything()
        .filter(one -> one.account() != Account.API_KEY)
        .forEach(one -> assertSaysNone(one, KEY));
  }

  @Test
  void patienceIsNeverCounselledWhereOnlyAPersonHelps() {
    everything()
        .filter(one -> ONLY_A_PERSON.containsAll(one.reasons()))
        .forEach(one -> assertSaysNone(one, PATIENCE));
  }

  /** The text of a mix holds every sentence that each of its reasons has when it is alone. */
  @Test
  void aMixIsNeverFlattenedIntoOneOfItsParts() {
    var first = new HashMap<Case, String>();
    everything()
        .forEach(
            one -> {
              var text = one.text();
              for (var reason : one.reasons()) {
                var alone = new Case(List.of(reason), one.account(), one.language(), false);
                var sentence =
                    first.computeIfAbsent(
                        alone,
                        _ -> Catalogue.text(one.language(), Topic.of(reason).key(one.account())));
                assertTrue(text.contains(sentence), () -> one + " does not say: " + sentence);
              }
            });
  }

  @ParameterizedTest
  @EnumSource
  void everyTopicHasASentenceOfItsOwn(Language language) {
    for (var account : Account.values()) {
      var sentences = new TreeSet<String>();
      for (var topic : Topic.values()) {
        sentences.add(Catalogue.text(language, topic.key(account)));
      }
      assertEquals(Topic.values().length, sentences.size());
    }
  }

  @Test
  void theOrderOfTheAttemptsChangesNothing() {
    var ways =
        List.of(
            way(FailureReason.NETWORK, Account.API_KEY),
            way(FailureReason.BILLING, Account.SUBSCRIPTION),
            way(FailureReason.RATE_LIMIT, Account.API_KEY));

    assertEquals(message(ways, Language.ENGLISH), message(ways.reversed(), Language.ENGLISH));
  }

  private static void assertSaysNone(Case one, Map<Language, List<String>> words) {
    assertFalse(says(one, words), () -> one + ": " + one.text());
  }

  private static boolean says(Case one, Map<Language, List<String>> words) {
    var text = one.text().toLowerCase(Locale.ROOT);
    return words.getOrDefault(one.language(), List.of()).stream().anyMatch(text::contains);
  }

  /** All candidates skipped for an earlier billing failure: again and again the same truth. */
  @Test
  void skippedForBillingIsToldAsBillingWithWhoAndWhen() {
    var skipped =
        List.of(
            new FailedWay(FailureReason.BILLING, true, Optional.of(NOON), Account.SUBSCRIPTION),
            new FailedWay(
                FailureReason.BILLING,
                true,
                Optional.of(NOON.plusSeconds(3_600)),
                Account.SUBSCRIPTION));

    var message = message(skipped, Language.ENGLISH);

    assertEquals(
        "Nobody was asked this time, because every candidate rests after an earlier failure. "
            + "The subscription does not cover this use, or its extra usage is spent. Its holder "
            + "has to settle this billing matter with the provider. This does not pass by itself. "
            + "Once it is mended, it works again from 6 Mar 2026, 12:00 Z at the latest.",
        message.text());
    assertEquals(Optional.empty(), message.worksAgainAt());
  }

  @Test
  void timesOutAndRefusedLoginAreToldAsSuchToASubscription() {
    var text =
        message(
                List.of(
                    way(FailureReason.TIMEOUT_FIRST_OUTPUT, Account.SUBSCRIPTION),
                    way(FailureReason.AUTH_INVALID, Account.SUBSCRIPTION)),
                Language.ENGLISH)
            .text();

    assertEquals(
        "The provider did not accept the login of the subscription. Its holder has to log in anew. "
            + "The answer took too long. Sending it again may work.",
        text);
  }

  @Test
  void theSoonestOfThoseThatComeBackByThemselvesIsTold() {
    var message =
        message(
            List.of(
                at(FailureReason.BILLING, NOON.minusSeconds(60)),
                at(FailureReason.RATE_LIMIT, NOON.plusSeconds(61)),
                at(FailureReason.QUOTA_WINDOW, NOON.plusSeconds(9_000))),
            Language.ENGLISH);

    assertEquals(Optional.of(NOON.plusSeconds(61)), message.worksAgainAt());
    // Rounded up.
    assertTrue(
        message.text().endsWith("from 6 Mar 2026, 12:02 Z; wait until then."), message::text);
  }

  @Test
  void chineseIsWrittenWithoutSpacesBetweenSentences() {
    var text =
        message(
                List.of(
                    new FailedWay(
                        FailureReason.RATE_LIMIT, false, Optional.of(NOON), Account.TOKEN)),
                Language.CHINESE)
            .text();

    assertEquals("请求频率受到服务商限制,会自动恢复。请等待至 2026年3月6日 12:00 Z 后重试。", text);
  }

  @Test
  void nobodyToAskIsSaidToo() {
    assertTrue(message(List.of(), Language.ENGLISH).text().startsWith("There is no candidate"));
  }

  @Test
  void twoAccountsOfOneReasonAreBothTold() {
    var both =
        message(
            List.of(
                way(FailureReason.BILLING, Account.API_KEY),
                way(FailureReason.BILLING, Account.SUBSCRIPTION)),
            Language.ENGLISH);

    assertTrue(both.text().contains("API key") && both.text().contains("subscription"));
    assertNotEquals(
        both, message(List.of(way(FailureReason.BILLING, Account.API_KEY)), Language.ENGLISH));
  }

  @Test
  void everyLanguageHasEveryText() {
    assertEquals(Catalogue.keys(Language.ENGLISH), Catalogue.keys(Language.CHINESE));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "zh-CN,zh;q=0.9,en;q=0.8|CHINESE",
        "zh-TW|CHINESE",
        "zh-Hans-CN|CHINESE",
        "en-GB|ENGLISH",
        "fr, zh;q=0.5|CHINESE",
        "en, zh|ENGLISH",
        "fr|ENGLISH",
        "*|ENGLISH",
        "''|ENGLISH",
        "no language; at=all|ENGLISH",
      })
  void languageIsWhatTheHeaderPrefers(String header, Language language) {
    assertEquals(language, Language.preferredBy(header));
  }

  private static UserMessage message(List<FailedWay> ways, Language language) {
    return UserMessage.of(ways, language, ZoneOffset.UTC);
  }

  private static FailedWay way(FailureReason reason, Account account) {
    return new FailedWay(reason, false, Optional.empty(), account);
  }

  private static FailedWay at(FailureReason reason, Instant until) {
    return new FailedWay(reason, true, Optional.of(until), Account.API_KEY);
  }
}
