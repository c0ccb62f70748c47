package dev.turnout.packaged;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A CLI of which every run leaves its traces in one file: {@code start S N ID} with the session id
 * that the CLI was told to make or to resume, {@code end S N}, and {@code overlap S N} when another
 * run of the same session was still alive, which the kernel tells by a lock that ends with its
 * holders. {@code hang} as third word makes the first run hang.
 */
final class Works {
  private static final String SCRIPT =
      """
      cli_session=$2
      set -- $1
      exec 9>>"$TRACES/$1.lock"
      flock -n 9 || echo "overlap $1 $2" >>"$TRACES/log"
      echo "start $1 $2 $cli_session" >>"$TRACES/log"
      [ "$LOUD" = no ] || echo "working on $2"
      if [ "$3" = hang ] && [ ! -e "$TRACES/$1.$2.hung" ]; then
        touch "$TRACES/$1.$2.hung"
        sleep 300
      fi
      sleep 0.0$(( $$ % 4 ))
      echo "end $1 $2" >>"$TRACES/log"
      echo "done with $2"
      """;

  private final Path traces;

  Works(Path traces) {
    this.traces = traces;
  }

  /**
   * Writes settings with two agents: {@code quiet} says nothing until it is done, {@code loud}
   * does.
   */
  void configure(Path data, int width) throws IOException {
    Files.createDirectories(traces);
    Files.writeString(
        data.resolve("turnout.yaml"),
        """
        turnout:
          default-agent: quiet
          lanes:
            user:
              width: %d
          agents:
            quiet:
              chain:
                - backend: quiet
            loud:
              chain:
                - backend: loud
          backends:
            quiet:
              kind: command
              command: bash
              args: ["-c", %s, "works", "{prompt}"]
              new-session-args: ["{session}"]
              resume-args: ["{session}"]
              environment:
                TRACES: %s
                LOUD: "no"
            loud:
              kind: command
              command: bash
              args: ["-c", %s, "works", "{prompt}"]
              new-session-args: ["{session}"]
              resume-args: ["{session}"]
              environment:
                TRACES: %s
                LOUD: "yes"
        """
            .formatted(width, quoted(), traces, quoted(), traces));
  }

  private static String quoted() {
    return "\"" + SCRIPT.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
  }

  /** What happened, in order. */
  List<String> log() throws IOException {
    var log = traces.resolve("log");
    return Files.exists(log) ? Files.readAllLines(log) : List.of();
  }

  boolean hangs(String session, int turn) {
    return Files.exists(traces.resolve(session + "." + turn + ".hung"));
  }
}
