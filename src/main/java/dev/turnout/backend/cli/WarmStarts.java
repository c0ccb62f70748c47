package dev.turnout.backend.cli;

import dev.turnout.authprofile.Credential;
import dev.turnout.authprofile.CredentialLookup;
import dev.turnout.backend.AttemptRequest;
import dev.turnout.backend.ProcessNeed;
import dev.turnout.livesession.Belongings;
import dev.turnout.livesession.Fingerprint;
import dev.turnout.livesession.LiveLaunch;
import dev.turnout.livesession.WarmOrder;
import dev.turnout.settings.BackendSettings.Cli;
import dev.turnout.turn.SessionId;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** How processes of one CLI are started ahead of any session, and what they would be. */
final class WarmStarts {
  /** The settings as a process that lives has them. */
  private final Cli cli;

  private final LiveDialect dialect;
  private final CliPreparation preparation;
  private final ProcessFingerprint fingerprint;

  WarmStarts(Cli cli, LiveDialect dialect, CliPreparation preparation) {
    this.cli = dialect.living().apply(cli);
    this.dialect = dialect;
    this.preparation = preparation;
    this.fingerprint = new ProcessFingerprint(preparation, this.cli);
  }

  /** The order for what this agent needs; empty when its first turn would come to nothing. */
  Optional<WarmOrder> order(ProcessNeed need) {
    if (!preparation.canBeStarted(cli)) {
      return Optional.empty();
    }
    var request = need.asAttempt(nobody());
    return switch (preparation.credential(cli, request)) {
      case CredentialLookup.Found(var found) -> Optional.of(order(need, Optional.of(found)));
      case CredentialLookup.LoggedInElsewhere() -> Optional.of(order(need, Optional.empty()));
      case CredentialLookup.Missing _ -> Optional.empty();
    };
  }

  /** What the process of this session would be started with; empty when that cannot be known. */
  Optional<Fingerprint> fingerprint(ProcessNeed need, SessionId session) {
    var request = need.asAttempt(session);
    try {
      var workspace = preparation.nameOfWorkspace(request);
      var home = preparation.nameOfHome(cli, request);
      return switch (preparation.credential(cli, request)) {
        case CredentialLookup.Found(var found) ->
            Optional.of(fingerprint.of(request, Optional.of(found), workspace, home));
        case CredentialLookup.LoggedInElsewhere() ->
            Optional.of(fingerprint.of(request, Optional.empty(), workspace, home));
        case CredentialLookup.Missing _ -> Optional.empty();
      };
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private WarmOrder order(ProcessNeed need, Optional<Credential> credential) {
    return new WarmOrder(
        cli.id(),
        fingerprint.ahead(need.asAttempt(nobody()), credential),
        cli.live(),
        CliPreparation.limits(cli),
        () -> start(need.asAttempt(nobody()), credential));
  }

  /** Sessions of people count up from 1. */
  private static SessionId nobody() {
    return new SessionId(-ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE));
  }

  private WarmOrder.Start start(AttemptRequest request, Optional<Credential> credential) {
    var nobody = request.session();
    return new WarmOrder.Start(
        nobody,
        fingerprint.of(
            request,
            credential,
            request.workspace().orElseGet(() -> preparation.workOfNobody(nobody)),
            cli.home().orElseGet(() -> preparation.homeOfNobody(nobody))),
        belongings -> launch(request, credential, belongings),
        (session, belongings) -> preparation.handOver(nobody, session, belongings));
  }

  private LiveLaunch launch(
      AttemptRequest request, Optional<Credential> credential, Belongings belongings)
      throws IOException {
    var prepared = preparation.prepareAhead(cli, request, credential, belongings);
    var workspace = preparation.workspace(request);
    var lines = dialect.opening().speech(cli, request, workspace, true).lines();
    return new LiveLaunch(
        prepared.spec().silent(), lines.greeting(), ShownArguments.of(prepared.spec().argv()));
  }
}
