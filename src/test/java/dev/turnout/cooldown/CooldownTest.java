package dev.turnout.cooldown;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.failure.Failure;
import dev.turnout.failure.FailureFamily;
import dev.turnout.failure.FailureReason;
import dev.turnout.turn.BackendId;
import dev.turnout.turn.LaneId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CooldownTest {
  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
  private static final Way WAY = way("profile", "cli", "user");

  private Instant now = START;

  private static Way way(String account, String runtime, String lane) {
    return new Way(account, new BackendId("backend"), runtime, "model", new LaneId(lane));
  }

  private static Failure failure(FailureReason reason) {
    return Failure.of(reason, "rule", "text");
  }

  private static RestRule rule(FailureReason reason) {
    return RestRule.of(reason).orElseThrow();
  }

  private Cooldown begun(Failure failure) {
    var rule = rule(failure.reason());
    return Cooldown.begun(new UUID(0, 1), rule.scope().of(WAY), failure, rule, now);
  }

  private Cooldown again(Cooldown cooldown, Failure failure) {
    return cooldown.failed(failure, rule(failure.reason()), now, now);
  }

  private Cooldown again(Cooldown cooldown) {
    return again(cooldown, cooldown.failure());
  }

  private Duration rest(Cooldown cooldown) {
    return Duration.between(now, cooldown.until().orElseThrow());
  }

  @Test
  void theLadderDoublesOverWeeksAndTheEndOfARestDoesNotResetIt() {
    var cooldown = begun(failure(FailureReason.BILLING));
    var minutes = new ArrayList<Long>();
    while (now.isBefore(START.plus(Duration.ofDays(21)))) {
      minutes.add(rest(cooldown).toMinutes());
      // Found out at the end of the rest, and half a day after it the next time.
      now = cooldown.until().orElseThrow().plus(Duration.ofHours(minutes.size() % 2 * 12L));
      cooldown = again(cooldown);
    }

    assertEquals(
        List.of(10L, 20L, 40L, 80L, 160L, 320L, 640L, 1280L, 1440L, 1440L), minutes.subList(0, 10));
    assertTrue(minutes.stream().skip(8).allMatch(m -> m == 1440), minutes::toString);
  }

  @Test
  void aRepeatNeitherShortensNorLengthensARunningRest() {
    var cooldown = begun(failure(FailureReason.BILLING));
    now = now.plusSeconds(60);

    assertEquals(cooldown, again(cooldown));
  }

  @Test
  void failuresOfAttemptsThatWereUnderWayAreTheSameBlow() {
    var cooldown = begun(failure(FailureReason.BILLING));
    var startedAt = now.minusSeconds(5);
    now = now.plus(Duration.ofHours(1));

    var late = cooldown.failed(cooldown.failure(), rule(FailureReason.BILLING), startedAt, now);

    assertEquals(cooldown, late);
  }

  @Test
  void theProvidersTimeIsHonouredAndALaterOneLengthensTheRest() {
    var cooldown = begun(limited(Duration.ofHours(3)));
    assertEquals(Duration.ofHours(3), rest(cooldown));

    assertEquals(Duration.ofHours(3), rest(again(cooldown, limited(Duration.ofMinutes(1)))));
    assertEquals(Duration.ofHours(5), rest(again(cooldown, limited(Duration.ofHours(5)))));
  }

  @Test
  void anAbsurdTimeIsNotBelieved() {
    assertEquals(Duration.ofDays(8), rest(begun(limited(Duration.ofDays(400)))));
  }

  private Failure limited(Duration retryAfter) {
    return new Failure(
        FailureReason.QUOTA_WINDOW,
        "rule",
        "text",
        Optional.of(now.plus(retryAfter)),
        Optional.empty(),
        Optional.empty());
  }

  @Test
  void anOutageNeedsThreeFailuresInARow() {
    var cooldown = begun(failure(FailureReason.OVERLOADED));
    now = now.plusSeconds(1);
    cooldown = again(cooldown);
    assertInstanceOf(Standing.Free.class, cooldown.standing(now));

    now = now.plusSeconds(1);
    cooldown = again(cooldown, failure(FailureReason.NETWORK));

    assertEquals(Duration.ofSeconds(15), rest(cooldown));
    assertEquals(FailureReason.NETWORK, cooldown.reason());
  }

  @Test
  void failuresFarApartAreNotInARow() {
    var cooldown = begun(failure(FailureReason.OVERLOADED));
    for (int i = 0; i < 20; i++) {
      now = now.plus(Duration.ofMinutes(11));
      cooldown = again(cooldown);
    }

    assertEquals(1, cooldown.failures());
    assertFalse(cooldown.rests(now));
  }

  @Test
  void afterTheRestOneGoesFirstAndAfterAWindowAllDo() {
    var billing = begun(failure(FailureReason.BILLING));
    var limited = begun(limited(Duration.ofMinutes(1)));
    now = now.plus(Duration.ofDays(1));

    assertEquals(new Standing.ToProbe(List.of(billing)), billing.standing(now));
    assertInstanceOf(Standing.Free.class, limited.standing(now));
  }

  @ParameterizedTest
  @EnumSource(FailureReason.class)
  void whatHappenedOnThisMachineOrByTheCallerHarmsNoAccount(FailureReason reason) {
    var family = reason.family();
    if (family == FailureFamily.LOCAL || family == FailureFamily.OURS) {
      assertEquals(Optional.empty(), RestRule.of(reason));
    } else if (family == FailureFamily.CALLER) {
      assertTrue(RestRule.of(reason).filter(rule -> rule.scope() != CooldownScope.MODEL).isEmpty());
    }
  }

  @Test
  void billingFailuresOfTheApiLeaveTheCliOfTheAccountAlone() {
    var api = way("profile", "api", "user");
    Cooldown cooldown =
        Cooldown.begun(
            new UUID(0, 1),
            CooldownScope.PAYMENT.of(api),
            failure(FailureReason.BILLING),
            rule(FailureReason.BILLING),
            now);
    for (int i = 1; i < 53; i++) {
      now = cooldown.until().orElseThrow();
      cooldown = again(cooldown);
    }
    var snapshot = new CooldownSnapshot(List.of(cooldown));

    assertInstanceOf(Standing.Resting.class, snapshot.standing(api, now));
    assertInstanceOf(Standing.Free.class, snapshot.standing(WAY, now));
  }

  @Test
  void randomFailuresInOneScopeNeverChangeTheChoiceInAnother() {
    var random = new Random(7);
    var reasons = FailureReason.values();
    for (int round = 0; round < 300; round++) {
      var rows = new HashMap<CooldownKey, Cooldown>();
      var harmed = new HashSet<CooldownKey>();
      now = START;
      for (int i = 0; i < 30; i++) {
        now = now.plusSeconds(random.nextInt(600));
        var failed = random(random);
        var failure = failure(reasons[random.nextInt(reasons.length)]);
        RestRule.of(failure.reason())
            .ifPresent(
                rule -> {
                  var key = rule.scope().of(failed);
                  harmed.add(key);
                  rows.compute(
                      key,
                      (k, row) ->
                          row == null
                              ? Cooldown.begun(UUID.randomUUID(), k, failure, rule, now)
                              : row.failed(failure, rule, now, now));
                });
      }
      var asked = random(random);
      var all = new CooldownSnapshot(rows.values());
      var ownKeys = List.of(CooldownScope.values()).stream().map(s -> s.of(asked)).toList();
      var own =
          new CooldownSnapshot(
              rows.values().stream().filter(row -> ownKeys.contains(row.key())).toList());

      assertEquals(own.standing(asked, now), all.standing(asked, now));
      if (ownKeys.stream().noneMatch(harmed::contains)) {
        assertInstanceOf(Standing.Free.class, all.standing(asked, now));
      }
    }
  }

  private static Way random(Random random) {
    return new Way(
        "account" + random.nextInt(2),
        new BackendId("backend" + random.nextInt(2)),
        random.nextBoolean() ? "cli" : "api",
        "model" + random.nextInt(2),
        new LaneId(random.nextBoolean() ? "user" : "helper"));
  }

  @Test
  void aHundredFailuresOfHelpersLeaveTheUsersAlone() {
    var rows = new HashMap<CooldownKey, Cooldown>();
    var helper = way("profile", "cli", "helper");
    for (int i = 0; i < 100; i++) {
      now = now.plusSeconds(60);
      for (var reason : FailureReason.values()) {
        RestRule.of(reason)
            .ifPresent(
                rule ->
                    rows.compute(
                        rule.scope().of(helper),
                        (key, row) ->
                            row == null
                                ? Cooldown.begun(UUID.randomUUID(), key, failure(reason), rule, now)
                                : row.failed(failure(reason), rule, now, now)));
      }
    }
    var snapshot = new CooldownSnapshot(rows.values());

    assertInstanceOf(Standing.Resting.class, snapshot.standing(helper, now));
    assertInstanceOf(Standing.Free.class, snapshot.standing(WAY, now));
  }
}
