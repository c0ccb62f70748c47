package dev.turnout.routing;

import dev.turnout.events.TurnEvent;
import dev.turnout.session.BackendMemory;
import dev.turnout.settings.BackendSettings;
import dev.turnout.turn.Exchange;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * The earlier turns that go along with one prompt.
 *
 * @param told those that fit, oldest first, without a gap up to the newest
 * @param omitted how many older ones did not
 */
record ToldHistory(List<Exchange> told, int omitted) {
  /** What the backend does not know of the session, as far as it is to be told of it. */
  static ToldHistory of(
      RouteRequest request, BackendSettings settings, Optional<BackendMemory> memory) {
    long known = memory.map(BackendMemory::knownSeq).orElse(0L);
    // Most often it knows all, and a query is saved.
    return known >= request.seq() - 1
        ? new ToldHistory(List.of(), 0)
        : within(request.historySince().apply(known), settings.maxHistoryBytes());
  }

  /**
   * The newest of these, whole.
   *
   * @param maxBytes of questions and answers together, as UTF-8
   */
  static ToldHistory within(List<Exchange> exchanges, long maxBytes) {
    long left = maxBytes;
    int from = exchanges.size();
    while (from > 0) {
      left -= bytes(exchanges.get(from - 1));
      if (left < 0) {
        break;
      }
      from--;
    }
    return new ToldHistory(exchanges.subList(from, exchanges.size()), from);
  }

  private static long bytes(Exchange exchange) {
    // Encoded once more than needed, which beside a call of a model is nothing.
    return (long) exchange.input().getBytes(StandardCharsets.UTF_8).length
        + exchange.answer().getBytes(StandardCharsets.UTF_8).length;
  }

  /**
   * What whoever reads along is told of it, if it is news.
   *
   * @param lost whether the backend had known the conversation and lost it
   */
  Optional<TurnEvent> notice(boolean lost) {
    if (!lost && omitted == 0) {
      return Optional.empty();
    }
    var turns = told.size() == 1 ? "1 earlier turn" : told.size() + " earlier turns";
    var what =
        (lost
                ? "the backend has lost the conversation, and is told it anew: "
                : "the backend is told ")
            + turns
            + (omitted == 0 ? "" : "; older ones left out by max-history-bytes: " + omitted);
    return Optional.of(new TurnEvent.Notice(what));
  }
}
