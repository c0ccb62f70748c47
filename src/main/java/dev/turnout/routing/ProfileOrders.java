package dev.turnout.routing;

import dev.turnout.settings.AuthProfileSettings;
import dev.turnout.settings.ChainLink;
import dev.turnout.settings.Settings;
import dev.turnout.turn.AuthProfileId;
import dev.turnout.turn.Candidate;
import dev.turnout.turn.SessionId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The order in which one session is given the credentials of a link: the one that answered it last
 * first, because the provider's caches are warm there, and the others by the link's rotation.
 */
final class ProfileOrders implements Chains.ProfileOrder {
  private final SessionId session;
  private final Settings settings;
  private final Map<Candidate, AuthProfileId> kept;

  /**
   * For this session.
   *
   * @param kept who answered it last, by backend and model
   */
  ProfileOrders(SessionId session, Settings settings, Map<Candidate, AuthProfileId> kept) {
    this.session = session;
    this.settings = settings;
    this.kept = Map.copyOf(kept);
  }

  /** A candidate without its credential, by which its link is known. */
  static Candidate place(Candidate candidate) {
    return new Candidate(candidate.backend(), candidate.model(), Optional.empty());
  }

  @Override
  public List<Candidate> of(ChainLink link) {
    if (link.authProfiles().size() < 2) {
      return link.candidates();
    }
    var order =
        new ArrayList<>(
            switch (link.rotation()) {
              case ORDER -> link.authProfiles();
              case WEIGHTED -> weighted(link.authProfiles());
            });
    var last = kept.get(place(link.candidates().getFirst()));
    if (last != null && order.remove(last)) {
      order.addFirst(last);
    }
    return order.stream().map(link::with).toList();
  }

  /**
   * Rendezvous hashing: each credential draws a number for the session, and the highest wins. A
   * credential that comes or goes moves only the sessions that it wins or loses.
   */
  private List<AuthProfileId> weighted(List<AuthProfileId> profiles) {
    var draws = new HashMap<AuthProfileId, Double>();
    profiles.forEach(profile -> draws.put(profile, draw(profile)));
    return profiles.stream()
        .sorted(Comparator.comparing((AuthProfileId p) -> draws.getOrDefault(p, 0.0)).reversed())
        .toList();
  }

  /** Wins with a probability in proportion to its weight. */
  private double draw(AuthProfileId profile) {
    int weight = settings.authProfile(profile).map(AuthProfileSettings::weight).orElse(1);
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < profile.value().length(); i++) {
      hash = (hash ^ profile.value().charAt(i)) * 0x100000001b3L;
    }
    // 53 bits make a double between 0 and 1, both left out.
    double uniform = ((mixed(hash ^ mixed(session.value())) >>> 11) + 0.5) * 0x1.0p-53;
    return weight == 0 ? 0 : -weight / Math.log(uniform);
  }

  /** The finalizer of SplitMix64: neighbouring sessions get numbers that have nothing in common. */
  private static long mixed(long value) {
    long z = value + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
