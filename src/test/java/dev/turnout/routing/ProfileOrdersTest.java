package dev.turnout.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.turnout.settings.ChainLink;
import dev.turnout.settings.ChainLink.Rotation;
import dev.turnout.settings.Settings;
import dev.turnout.settings.WrittenSettings;
import dev.turnout.turn.AuthProfileId;
import dev.turnout.turn.BackendId;
import dev.turnout.turn.Candidate;
import dev.turnout.turn.SessionId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProfileOrdersTest {
  private static final Settings SETTINGS =
      WrittenSettings.of(
          Map.of(
              "turnout.auth-profiles.light.provider", "x",
              "turnout.auth-profiles.heavy.provider", "x",
              "turnout.auth-profiles.heavy.weight", "3",
              "turnout.auth-profiles.none.provider", "x",
              "turnout.auth-profiles.none.weight", "0"));
  private static final Candidate PLACE =
      new Candidate(new BackendId("b"), Optional.of("m"), Optional.empty());

  private static ChainLink link(Rotation rotation, String... profiles) {
    return new ChainLink(
        PLACE.backend(),
        PLACE.model(),
        List.of(profiles).stream().map(AuthProfileId::new).toList(),
        rotation,
        false);
  }

  private static List<String> order(long session, ChainLink link, Map<Candidate, String> kept) {
    var ids = new HashMap<Candidate, AuthProfileId>();
    kept.forEach((place, name) -> ids.put(place, new AuthProfileId(name)));
    return new ProfileOrders(new SessionId(session), SETTINGS, ids)
        .of(link).stream().map(c -> c.authProfile().orElseThrow().value()).toList();
  }

  @Test
  void anOrderedLinkIsAskedAsItIsWritten() {
    for (long session = 1; session < 50; session++) {
      assertEquals(
          List.of("light", "none", "heavy"),
          order(session, link(Rotation.ORDER, "light", "none", "heavy"), Map.of()));
    }
  }

  @Test
  void sessionsSpreadByWeightAndEachOfThemAlwaysTheSameWay() {
    var link = link(Rotation.WEIGHTED, "none", "light", "heavy");
    int heavy = 0;
    for (long session = 1; session <= 4_000; session++) {
      var order = order(session, link, Map.of());
      assertEquals(order, order(session, link, Map.of()));
      assertEquals("none", order.getLast());
      heavy += order.getFirst().equals("heavy") ? 1 : 0;
    }

    // Three of four sessions: 3000, give or take four standard deviations of 27.
    assertTrue(heavy > 2_890 && heavy < 3_110, "heavy got " + heavy);
  }

  @Test
  void aProfileThatGoesMovesOnlyTheSessionsThatItHad() {
    var all = link(Rotation.WEIGHTED, "a", "b", "c");
    var without = link(Rotation.WEIGHTED, "a", "c");
    for (long session = 1; session <= 500; session++) {
      var before = order(session, all, Map.of()).getFirst();
      var after = order(session, without, Map.of()).getFirst();
      assertTrue(before.equals("b") || before.equals(after), before + " became " + after);
    }
  }

  @Test
  void whoAnsweredLastComesFirstInItsOwnLinkAlone() {
    var link = link(Rotation.ORDER, "light", "heavy");
    var elsewhere = new Candidate(PLACE.backend(), Optional.empty(), Optional.empty());

    assertEquals(List.of("heavy", "light"), order(1, link, Map.of(PLACE, "heavy")));
    assertEquals(List.of("light", "heavy"), order(1, link, Map.of(elsewhere, "heavy")));
    assertEquals(List.of("light", "heavy"), order(1, link, Map.of(PLACE, "removed")));
  }
}
