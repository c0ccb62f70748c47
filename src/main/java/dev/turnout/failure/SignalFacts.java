package dev.turnout.failure;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A {@link FailureSignal} as flat facts by name, which is what rules speak about, and what is kept
 * of a failure so that a changed rule can be tried on it later. Credentials are taken out at the
 * door, so that nothing behind it can show one.
 *
 * <p>The names: {@code kind} is the signal's ({@code http}, {@code cli}, {@code process_ended} …).
 * {@code status}, {@code type} and {@code code} are an API's own answer, whether it came to us or
 * to a CLI that reports it. {@code message} is prose. {@code header.NAME} is a header in lower
 * case. {@code cli} is the dialect, and its other fields keep their own names, such as {@code
 * terminal_reason}.
 */
public final class SignalFacts {
  /** By these names a CLI reports its API's answer; rules know one name for it. */
  private static final Map<String, String> API_ANSWER =
      Map.of("api_error_status", "status", "api_error_type", "type", "api_error_code", "code");

  private final Map<String, String> values;
  private final Map<String, String> lowered = new HashMap<>();

  /** Made when the first rule asks for words; most failures are judged before. */
  private @Nullable Grams grams;

  private SignalFacts(Map<String, String> values) {
    this.values = new TreeMap<>(values);
    this.values.replaceAll((_, value) -> SecretPatterns.redact(StorableText.of(value)));
    this.values.forEach(
        // Some write typographic apostrophes, and a rule's phrase is typed on a keyboard.
        (name, value) -> lowered.put(name, value.toLowerCase(Locale.ROOT).replace('’', '\'')));
  }

  /** The facts as they were kept, see {@link #values()}. */
  public static SignalFacts of(Map<String, String> values) {
    return new SignalFacts(values);
  }

  /** The facts of this signal. What a model said is none of them. */
  public static SignalFacts of(FailureSignal signal) {
    return new SignalFacts(
        switch (signal) {
          case FailureSignal.HttpRejected rejected -> ofHttp(rejected);
          case FailureSignal.CliReported reported -> ofCli(reported);
          case FailureSignal.ProcessEnded(var code, var number, var stderr) -> {
            var facts = facts("process_ended", stderr);
            facts.put("exit_code", Integer.toString(code));
            number.ifPresent(n -> facts.put("process_signal", Integer.toString(n)));
            yield facts;
          }
          case FailureSignal.SpawnFailed(var program, var message) ->
              facts("spawn_failed", message, "program", program);
          case FailureSignal.TimedOut(var limit, var after, var stderr) -> {
            var facts = facts("timed_out", stderr, "limit", limit.name().toLowerCase(Locale.ROOT));
            facts.put("after_ms", Long.toString(after.toMillis()));
            yield facts;
          }
          case FailureSignal.TooMuchOutput(var limit) ->
              facts("too_much_output", "", "limit_bytes", Long.toString(limit));
          case FailureSignal.ProtocolBroken(var message) -> facts("protocol_broken", message);
          case FailureSignal.AnsweredNothing() -> facts("answered_nothing", "");
          case FailureSignal.Refused(var stop, _) -> facts("refused", "", "stop_reason", stop);
          case FailureSignal.Unreachable(var message) -> facts("unreachable", message);
          case FailureSignal.SessionUnknown(var ref, var message) ->
              facts("session_unknown", message, "session_ref", ref);
          case FailureSignal.ConfigMissing(var what) -> facts("config_missing", what);
          case FailureSignal.Unexpected(var message) -> facts("unexpected", message);
        });
  }

  private static Map<String, String> ofHttp(FailureSignal.HttpRejected rejected) {
    var facts = facts("http", rejected.message(), "status", Integer.toString(rejected.status()));
    rejected.type().ifPresent(type -> facts.put("type", type));
    rejected.code().ifPresent(code -> facts.put("code", code));
    rejected
        .headers()
        .forEach((name, value) -> facts.put("header." + name.toLowerCase(Locale.ROOT), value));
    return facts;
  }

  private static Map<String, String> ofCli(FailureSignal.CliReported reported) {
    var facts = new HashMap<String, String>();
    reported
        .fields()
        .forEach((name, value) -> facts.put(API_ANSWER.getOrDefault(name, name), value));
    // Last, so that no field of a CLI can take their place.
    facts.putAll(facts("cli", reported.message(), "cli", reported.cli()));
    return facts;
  }

  private static Map<String, String> facts(String kind, String message) {
    var facts = new HashMap<String, String>();
    facts.put("kind", kind);
    if (!message.isBlank()) {
      facts.put("message", message.strip());
    }
    return facts;
  }

  private static Map<String, String> facts(String kind, String message, String name, String value) {
    var facts = facts(kind, message);
    facts.put(name, value);
    return facts;
  }

  /** All facts by name, without credentials; can be stored as they are. */
  public Map<String, String> values() {
    return Map.copyOf(values);
  }

  /** The fact of this name, as it was said. */
  public Optional<String> value(String name) {
    return Optional.ofNullable(values.get(name));
  }

  /** The fact of this name in lower case, or an empty string. Facts are never empty on purpose. */
  String lowered(String name) {
    return lowered.getOrDefault(name, "");
  }

  /** Whether the message contains this phrase, which is in lower case. */
  boolean says(String phrase) {
    var message = lowered("message");
    var found = grams;
    if (found == null) {
      found = new Grams(message);
      // Two threads may both make it: the same.
      grams = found;
    }
    return found.mayContain(phrase) && message.contains(phrase);
  }

  boolean has(String name) {
    return lowered.containsKey(name);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SignalFacts facts && facts.values.equals(values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  @Override
  public String toString() {
    return values.toString();
  }
}
