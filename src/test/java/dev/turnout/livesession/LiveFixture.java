package dev.turnout.livesession;

import dev.turnout.process.Leftovers;
import dev.turnout.process.SubprocessSpec;
import dev.turnout.process.SubprocessSpec.Limits;
import dev.turnout.process.SubprocessSpec.Owner;
import dev.turnout.settings.LiveSettings;
import dev.turnout.testing.SettableClock;
import dev.turnout.testing.TestLive;
import dev.turnout.turn.BackendId;
import dev.turnout.turn.SessionId;
import dev.turnout.turn.TurnId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** Living shell scripts. A line of stdin is a turn; a line {@code end} ends it. */
final class LiveFixture implements AutoCloseable {
  /** One that does what it is told, however bad. */
  static final String OBEDIENT =
      """
      echo READY
      while read -r word rest; do
        case "$word" in
          say) echo "out $rest"; echo end ;;
          pid) echo "out $$"; echo end ;;
          args) echo "out $0"; echo end ;;
          twice) printf 'out one\\nend\\nout two\\nend\\n' ;;
          bytes) printf 'out \\377\\376 x\\n'; echo end ;;
          fork) setsid sleep 300 & sleep 300 & echo end ;;
          wait) until [ -e "$rest" ]; do sleep 0.02; done; echo "out waited"; echo end ;;
          asks-late)
            echo end; echo "ask $rest"; read -r a
            case "$a" in no*) ;; *) read -r b; echo "out ${a#say }"; echo end ;; esac ;;
          obey) echo "out begun"; read -r order; echo "out late"; echo end ;;
          half) printf 'out half'; sleep 300 ;;
          half-and-die) printf 'out half'; exit 0 ;;
          hold-and-die) (trap '' TERM; exec sleep 300) & exit 0 ;;
          die) echo "out dying"; echo "it hurts" >&2; exit 3 ;;
          silent) sleep 300 ;;
          waits) echo "open this page to sign in" >&2; sleep 300 ;;
          stubborn) trap '' TERM; (trap '' TERM; sleep 300) & sleep 300; wait ;;
          flood) head -c 50000000 /dev/zero | tr '\\0' x; echo; echo end ;;
          mute) exec >&-; sleep 300 ;;
        esac
      done
      """;

  private static final BackendId BACKEND = new BackendId("fake");

  /** Sessions that have taken a process which was started ahead. */
  final List<Long> adopted = new CopyOnWriteArrayList<>();

  /** How a session takes one. */
  WarmOrder.Adoption adoption = (session, _) -> adopted.add(session.value());

  private final AtomicLong nobodies = new AtomicLong();
  final SettableClock clock = new SettableClock();
  final Path data;
  final TestLive live;
  LiveSettings settings =
      new LiveSettings(true, Duration.ofMinutes(10), Duration.ofHours(6), 200, 16);
  Limits limits =
      new Limits(
          Duration.ofSeconds(20),
          Duration.ofSeconds(20),
          Duration.ofSeconds(30),
          Duration.ofMillis(500),
          1 << 20);
  String script = OBEDIENT;

  /** What happens in the thread of a turn when it hears something. */
  Runnable onLine = () -> {};

  Map<String, String> started = Map.of("model", "one");

  /** What the newest turn said. */
  List<String> heard = List.of();

  /** Which process it got. */
  List<String> servedBy = List.of();

  LiveFixture(Path data) {
    this.data = data;
    this.live = new TestLive(data, clock);
  }

  /** With another end of processes, and another patience with those who listen to none. */
  LiveFixture(Path data, LiveObserver observer, Undertaker undertaker, Duration unattended) {
    this.data = data;
    var ledger = new OwnerLedger(data.toString(), clock);
    this.live =
        new TestLive(ledger, new LiveSessions(ledger, clock, observer, undertaker, unattended));
  }

  /** As many processes as this are to wait, of those that are started now. */
  WarmOrder order(int warm) {
    var kind = Fingerprint.of(started);
    return new WarmOrder(
        BACKEND,
        kind,
        new LiveSettings(
            true,
            settings.idleClose(),
            settings.maxAge(),
            settings.maxTurns(),
            settings.capacity(),
            warm),
        limits,
        () ->
            new WarmOrder.Start(
                new SessionId(-nobodies.incrementAndGet()),
                kind,
                this::launch,
                (session, belongings) -> adoption.by(session, belongings)));
  }

  /** The first turn of a session, which takes what waits for it. */
  LiveTurnOutcome firstTurn(long session, String text) {
    var key = new LiveKey(BACKEND, new SessionId(session));
    boolean _ = live.sessions.adopt(key, Fingerprint.of(started));
    return turn(session, text, Optional.empty());
  }

  List<LiveView> in(String state) {
    return live.sessions.list().stream().filter(view -> view.state().code().equals(state)).toList();
  }

  LiveTurnOutcome turn(long session, String text) {
    return turn(session, text, Optional.of("c" + session));
  }

  /** A turn of a conversation; the script knows every one as {@code c} and its session. */
  LiveTurnOutcome turn(long session, String text, Optional<String> conversation) {
    var exchange = new Exchange(text, "c" + session, () -> onLine.run());
    var request =
        new LiveRequest(
            new LiveKey(BACKEND, new SessionId(session)),
            new TurnId(UUID.randomUUID()),
            Fingerprint.of(started),
            conversation,
            settings,
            limits,
            this::launch);
    try {
      return live.sessions.turn(request, exchange);
    } finally {
      heard = List.copyOf(exchange.heard);
      servedBy = List.copyOf(exchange.servedBy);
    }
  }

  private LiveLaunch launch(Belongings belongings) throws java.io.IOException {
    var directory =
        belongings.directory(ResourceKind.TEMP_DIRECTORY, data.resolve(belongings.owner()));
    var config = belongings.file(ResourceKind.MCP_CONFIG, directory.resolve("mcp.json"), "{}");
    var argv = List.of("/bin/sh", "-c", script, config.toString());
    var spec =
        new SubprocessSpec(
            argv,
            Map.of("PATH", "/usr/bin:/bin"),
            data,
            "",
            new Owner(data.toString(), belongings.owner()),
            limits);
    return new LiveLaunch(spec, GREETING, argv);
  }

  private static final LiveGreeting GREETING =
      new LiveGreeting() {
        @Override
        public String text() {
          return "";
        }

        @Override
        public Verdict of(String line) {
          return line.equals("READY") ? Verdict.READY : Verdict.OPEN;
        }
      };

  /** The pid of the session's process, as the process itself has it. */
  String pid(long session) {
    turn(session, "pid");
    return heard.getFirst();
  }

  LiveView view(long session) {
    return live.sessions.list().stream()
        .filter(view -> view.key().session().value() == session)
        .findFirst()
        .orElseThrow();
  }

  /** Ends what is left of all processes, and says how many that was. */
  int leftovers() {
    return Leftovers.endAll(data.toString());
  }

  @Override
  public void close() {
    live.close();
  }

  /** A turn in the scripts' protocol. */
  private static final class Exchange implements LiveExchange {
    private final String text;
    private final String conversation;
    private final Runnable onLine;
    private final List<String> heard = new ArrayList<>();
    private final List<String> servedBy = new ArrayList<>();

    Exchange(String text, String conversation, Runnable onLine) {
      this.text = text;
      this.onLine = onLine;
      this.conversation = conversation;
    }

    @Override
    public String input() {
      return text + "\n";
    }

    @Override
    public void servedBy(String id, LiveObserver.Got how) {
      servedBy.add(how.code());
    }

    @Override
    public void early(String line) {
      heard.add("early " + line);
    }

    @Override
    public Optional<String> unasked(String line) {
      return line.startsWith("ask ")
          ? Optional.of("no " + line.substring(4) + "\n")
          : Optional.empty();
    }

    @Override
    public Heard hear(String line) {
      onLine.run();
      if (line.startsWith("ask ")) {
        return new Heard.Reply(unasked(line).orElseThrow());
      }
      if (line.equals("end")) {
        return new Heard.Ended(Optional.of(conversation));
      }
      heard.add(line.startsWith("out ") ? line.substring(4) : "stray " + line);
      return new Heard.GoesOn();
    }

    @Override
    public boolean begun() {
      return !heard.isEmpty();
    }

    @Override
    public Optional<String> interruption() {
      return Optional.of("stop\n");
    }
  }
}
