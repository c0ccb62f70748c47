package dev.turnout.testing;

import dev.turnout.backend.AttemptRequest;
import dev.turnout.backend.AttemptResult;
import dev.turnout.backend.Backend;
import dev.turnout.backend.BackendEvent;
import dev.turnout.backend.BackendProvider;
import dev.turnout.backend.BackendRuntime;
import dev.turnout.backend.EventSink;
import dev.turnout.failure.FailureSignal;
import dev.turnout.settings.BackendSettings;
import dev.turnout.turn.Answer;
import dev.turnout.turn.AuthProfileId;
import dev.turnout.turn.Candidate;
import dev.turnout.turn.Question;
import dev.turnout.turn.SessionId;
import dev.turnout.turn.Usage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A backend that does what the prompt says: {@code ok}, {@code say TEXT} (streams it and goes on to
 * the next word), {@code hold} (until released or interrupted), {@code fail STATUS}, {@code lost},
 * {@code pause MILLIS}, {@code tool NAME}, {@code ask MILLIS TOOL}, {@code hear N}, {@code refuse
 * N}, {@code listen}; {@code only NAME COMMAND} does so where the candidate has this backend, model
 * or profile. It watches for what must never be: two attempts of one session at once.
 */
public final class ScriptedBackend implements BackendProvider {
  public final List<AttemptRequest> requests = new CopyOnWriteArrayList<>();
  public final List<String> overlaps = new CopyOnWriteArrayList<>();
  private final Map<SessionId, AtomicInteger> inside = new ConcurrentHashMap<>();
  private final CountDownLatch release = new CountDownLatch(1);
  private final CountDownLatch held = new CountDownLatch(1);

  /** How many attempts have come to their end. */
  public final AtomicInteger answered = new AtomicInteger();

  /** What every {@code hold} does first. */
  public volatile Runnable atHold = () -> {};

  /** Lets every {@code hold} go on. */
  public void release() {
    release.countDown();
  }

  /** Waits until some attempt holds. */
  public void awaitHeld() throws InterruptedException {
    held.await();
  }

  @Override
  public Optional<Backend> open(BackendSettings settings) {
    return Optional.of(new Scripted(settings));
  }

  private final class Scripted implements Backend {
    private final BackendSettings settings;

    Scripted(BackendSettings settings) {
      this.settings = settings;
    }

    @Override
    public BackendRuntime runtime() {
      return settings instanceof BackendSettings.Cli ? BackendRuntime.CLI : BackendRuntime.API;
    }

    @Override
    public AttemptResult attempt(AttemptRequest request, EventSink sink) {
      requests.add(request);
      var count = inside.computeIfAbsent(request.session(), _ -> new AtomicInteger());
      if (count.incrementAndGet() > 1) {
        overlaps.add(request.session() + " " + request.prompt());
      }
      try {
        return act(request, sink);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return new AttemptResult.Aborted();
      } finally {
        count.decrementAndGet();
        answered.incrementAndGet();
      }
    }

    private AttemptResult act(AttemptRequest request, EventSink sink) throws InterruptedException {
      for (var written : request.prompt().split(";", -1)) {
        var command = written.strip();
        while (command.startsWith("only ")) {
          var parts = command.split(" ", 3);
          command = isAsked(parts[1], request.candidate()) ? parts[2] : "";
        }
        var words = command.split(" ", 2);
        var argument = words.length > 1 ? words[1] : "";
        switch (words[0]) {
          case "say" -> sink.accept(new BackendEvent.Output(argument));
          case "tool" ->
              sink.accept(new BackendEvent.ToolStarted(Optional.empty(), argument, "{}"));
          case "hold" -> {
            atHold.run();
            held.countDown();
            release.await();
          }
          case "hear" -> {
            var heard = heard(request, Integer.parseInt(argument), true);
            if (!request.prompt().contains(";")) {
              return heard;
            }
          }
          case "refuse" -> heard(request, Integer.parseInt(argument), false);
          case "listen" -> request.outside().hears(true);
          case "ask" -> {
            return asked(request, argument);
          }
          case "pause" -> TimeUnit.MILLISECONDS.sleep(Long.parseLong(argument));
          case "fail" -> {
            return failed(
                new FailureSignal.HttpRejected(
                    Integer.parseInt(argument),
                    Optional.empty(),
                    Optional.empty(),
                    "scripted",
                    Map.of()));
          }
          case "lost" -> {
            if (request.resume().isPresent()) {
              return failed(new FailureSignal.SessionUnknown(request.resume().get(), "scripted"));
            }
          }
          case "throw" -> throw new IllegalStateException("scripted");
          case "break" -> throw new LinkageError("scripted");
          default -> {}
        }
      }
      var ref = request.resume().orElse("ref-" + request.session().value());
      return new AttemptResult.Answered(
          new Answer("answer to " + request.prompt(), Usage.UNKNOWN), Optional.of(ref));
    }

    /** Takes so many messages of other turns, or refuses them. */
    private static AttemptResult heard(AttemptRequest request, int most, boolean takes)
        throws InterruptedException {
      request.outside().hears(true);
      var said = new ArrayList<String>();
      while (said.size() < most) {
        for (var message : request.outside().messages()) {
          said.add(message.text());
          request.outside().took(message.turn(), takes);
        }
        TimeUnit.MILLISECONDS.sleep(5);
      }
      return new AttemptResult.Answered(
          new Answer("heard " + String.join(", ", said), Usage.UNKNOWN), Optional.empty());
    }

    /** Asks, with a patience in milliseconds and the name of a tool, and says what it heard. */
    private static AttemptResult asked(AttemptRequest request, String argument)
        throws InterruptedException {
      var words = argument.split(" ", 2);
      var patience = Duration.ofMillis(Long.parseLong(words[0]));
      var id = UUID.randomUUID().toString();
      request.outside().ask(new Question(id, words[1], Optional.empty(), "to test", patience));
      var answers = request.outside().answers();
      while (answers.isEmpty()) {
        TimeUnit.MILLISECONDS.sleep(5);
        answers = request.outside().answers();
      }
      return new AttemptResult.Answered(
          new Answer("heard " + answers.getFirst().outcome(), Usage.UNKNOWN), Optional.empty());
    }

    private static boolean isAsked(String name, Candidate candidate) {
      return candidate.backend().value().equals(name)
          || candidate.model().equals(Optional.of(name))
          || candidate.authProfile().map(AuthProfileId::value).equals(Optional.of(name));
    }

    private static AttemptResult failed(FailureSignal signal) {
      return AttemptResult.Failed.of(signal);
    }
  }
}
