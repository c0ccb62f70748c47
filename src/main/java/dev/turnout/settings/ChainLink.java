package dev.turnout.settings;

import dev.turnout.turn.AuthProfileId;
import dev.turnout.turn.BackendId;
import dev.turnout.turn.Candidate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One entry of a chain: a backend with a model, and the credentials that may be used there.
 *
 * @param authProfiles in the order in which they were written; empty where the backend runs on its
 *     own log-in
 * @param lastResort whether it is asked in spite of a rest when nobody else is left
 */
public record ChainLink(
    BackendId backend,
    Optional<String> model,
    List<AuthProfileId> authProfiles,
    Rotation rotation,
    boolean lastResort) {
  public ChainLink {
    authProfiles = List.copyOf(authProfiles);
  }

  /** In which order a session is given the credentials of a link. */
  public enum Rotation {
    /** As they are written: the first one as long as it may be asked. */
    ORDER,
    /** Sessions spread over them by their weights; one session always gets the same order. */
    WEIGHTED;

    public String code() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The link that consists of this candidate. */
  public static ChainLink of(Candidate candidate, boolean lastResort) {
    return new ChainLink(
        candidate.backend(),
        candidate.model(),
        candidate.authProfile().stream().toList(),
        Rotation.ORDER,
        lastResort);
  }

  /** One candidate for each credential, in the order of the configuration. */
  public List<Candidate> candidates() {
    return authProfiles.isEmpty()
        ? List.of(new Candidate(backend, model, Optional.empty()))
        : authProfiles.stream().map(this::with).toList();
  }

  /** The candidate that asks this link with that credential. */
  public Candidate with(AuthProfileId profile) {
    return new Candidate(backend, model, Optional.of(profile));
  }

  ChainLink withModel(Optional<String> other) {
    return new ChainLink(backend, other.or(() -> model), authProfiles, rotation, lastResort);
  }

  ChainLink withOnly(AuthProfileId profile) {
    return new ChainLink(backend, model, List.of(profile), rotation, lastResort);
  }
}
