package dev.turnout.bench;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * How much is measured.
 *
 * @param rounds how often each candidate has its turn; they alternate
 * @param span how long a rate is measured in one round
 * @param warmUp how long the code under load runs before the first round
 * @param statements whether the server keeps account of its statements
 * @param samples how many turns a latency is taken from in one round
 * @param requests how many requests the application answers before the first round, if it manages
 *     them in ten times the warm-up
 * @param claude where the real Claude Code is installed, as scripts/install-real-clis.sh does it
 * @param waiting the two lengths of the line at which the cost of a turn is compared
 */
record Plan(
    Set<String> parts,
    int rounds,
    Duration span,
    Duration warmUp,
    int requests,
    int samples,
    List<Integer> waiting,
    boolean peers,
    boolean statements,
    Optional<String> claude) {
  static final List<String> PARTS =
      List.of("admission", "engine", "start", "turns", "backlog", "cooldowns", "config", "live");

  /** Wrong arguments, in a sentence for whoever typed them. */
  static final class Wrong extends Exception {
    private static final long serialVersionUID = 1L;

    Wrong(String message) {
      super(message);
    }
  }

  static Plan read(List<String> args) throws Wrong {
    var parts = new TreeSet<String>();
    boolean quick = false;
    boolean peers = true;
    boolean statements = false;
    int rounds = 0;
    var claude = Optional.<String>empty();
    for (var arg : args) {
      if (PARTS.contains(arg)) {
        parts.add(arg);
      } else if (arg.equals("--quick")) {
        quick = true;
      } else if (arg.equals("--no-peers")) {
        peers = false;
      } else if (arg.startsWith("--claude=")) {
        claude = Optional.of(arg.substring("--claude=".length()));
      } else if (arg.equals("--statements")) {
        statements = true;
      } else if (arg.matches("--rounds=[1-9]")) {
        rounds = arg.charAt(arg.length() - 1) - '0';
      } else {
        throw new Wrong("unknown argument: " + arg);
      }
    }
    var all = parts.isEmpty() ? Set.copyOf(PARTS) : Set.copyOf(parts);
    return quick
        ? new Plan(
            all,
            rounds > 0 ? rounds : 2,
            Duration.ofMillis(1500),
            Duration.ofSeconds(2),
            4_000,
            100,
            List.of(5_000, 20_000),
            peers,
            statements,
            claude)
        : new Plan(
            all,
            rounds > 0 ? rounds : 5,
            Duration.ofSeconds(3),
            Duration.ofSeconds(5),
            40_000,
            400,
            List.of(10_000, 200_000),
            peers,
            statements,
            claude);
  }

  boolean has(String part) {
    return parts.contains(part);
  }
}
