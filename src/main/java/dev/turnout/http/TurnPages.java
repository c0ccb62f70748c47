package dev.turnout.http;

import dev.turnout.queue.TurnHistory;
import dev.turnout.queue.TurnView;
import dev.turnout.turn.TurnId;
import dev.turnout.usermessage.Language;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Cuts lists of turns into pages. One more than the page is read: whether there is a next one. */
final class TurnPages {
  /** Where the list is read from. */
  interface Source {
    List<TurnView> read(Optional<TurnHistory.Cursor> after, int size);
  }

  private TurnPages() {}

  static TurnPage page(
      @Nullable String cursor, int limit, Optional<Language> language, Source source) {
    var after =
        Cursors.place(cursor)
            .map(place -> new TurnHistory.Cursor(place.at(), new TurnId(place.id())));
    var turns = source.read(after, limit + 1);
    var items = turns.stream().limit(limit).map(turn -> TurnBodies.of(turn, language)).toList();
    var last = turns.size() > limit ? turns.get(limit - 1) : null;
    return new TurnPage(
        items,
        last == null
            ? null
            : Cursors.write(new Cursors.Place(last.createdAt(), last.id().value())));
  }
}
