package dev.turnout.backend.cli;

import dev.turnout.authprofile.Credential;
import dev.turnout.backend.AttemptResult;
import dev.turnout.failure.FailureSignal;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Takes the credential of an attempt out of what its CLI said when it failed. A CLI may print its
 * environment or its own arguments, and a failure is kept and shown in many places; by its shape
 * alone not every secret is known as one.
 */
final class Discretion {
  /** What stands in the place of a secret. */
  private static final String REDACTED = "[redacted]";

  private Discretion() {}

  /** The same text without the value of the credential. */
  static String without(Optional<Credential> credential, String text) {
    return credential
        .map(Credential::value)
        .filter(value -> !value.isEmpty())
        .map(value -> text.replace(value, REDACTED))
        .orElse(text);
  }

  /** The same result without the value of the credential. */
  static AttemptResult without(Optional<Credential> credential, AttemptResult result) {
    return result instanceof AttemptResult.Failed(var signal, var ref)
            && credential.filter(found -> !found.value().isEmpty()).isPresent()
        ? new AttemptResult.Failed(new Cleaned(credential.get().value()).of(signal), ref)
        : result;
  }

  private record Cleaned(String secret) {
    FailureSignal of(FailureSignal signal) {
      return switch (signal) {
        case FailureSignal.HttpRejected(var status, var type, var code, var said, var headers) ->
            new FailureSignal.HttpRejected(
                status, type.map(this::of), code.map(this::of), of(said), of(headers));
        case FailureSignal.CliReported(var cli, var fields, var said) ->
            new FailureSignal.CliReported(cli, of(fields), of(said));
        case FailureSignal.ProcessEnded(var code, var number, var stderr) ->
            new FailureSignal.ProcessEnded(code, number, of(stderr));
        case FailureSignal.SpawnFailed(var program, var said) ->
            new FailureSignal.SpawnFailed(program, of(said));
        case FailureSignal.ProtocolBroken(var said) -> new FailureSignal.ProtocolBroken(of(said));
        case FailureSignal.Refused(var stop, var partial) ->
            new FailureSignal.Refused(stop, of(partial));
        case FailureSignal.Unreachable(var said) -> new FailureSignal.Unreachable(of(said));
        case FailureSignal.SessionUnknown(var ref, var said) ->
            new FailureSignal.SessionUnknown(ref, of(said));
        case FailureSignal.ConfigMissing(var what) -> new FailureSignal.ConfigMissing(of(what));
        case FailureSignal.Unexpected(var said) -> new FailureSignal.Unexpected(of(said));
        case FailureSignal.TimedOut _,
            FailureSignal.TooMuchOutput _,
            FailureSignal.AnsweredNothing _ ->
            signal;
      };
    }

    private String of(String text) {
      return text.replace(secret, REDACTED);
    }

    private Map<String, String> of(Map<String, String> texts) {
      var clean = new HashMap<>(texts);
      clean.replaceAll((_, text) -> of(text));
      return clean;
    }
  }
}
