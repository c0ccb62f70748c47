package dev.turnout.admin;

import dev.turnout.failure.FailureFamily;
import dev.turnout.failure.FailureReason;
import dev.turnout.http.Problem;
import dev.turnout.http.ProblemException;
import dev.turnout.turn.SessionKey;
import dev.turnout.turn.TenantId;
import dev.turnout.turn.TurnId;
import jakarta.ws.rs.core.MultivaluedMap;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The query of a list, read strictly: a filter that is malformed would show another list than its
 * author takes it for.
 */
final class Filters {
  private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";
  private static final String UUID_FORM =
      "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}";

  /** What Postgres can store, with room to spare. */
  private static final Instant LATEST = Instant.parse("9999-01-01T00:00:00Z");

  private final MultivaluedMap<String, String> query;

  /** A query in which nothing is unknown or doubled: the door of the API has seen to it. */
  Filters(MultivaluedMap<String, String> query) {
    this.query = query;
  }

  private static ProblemException flaw(String name, String why) {
    return new ProblemException(Problem.ofParameter(name, why));
  }

  private Optional<String> value(String name) {
    return Optional.ofNullable(query.getFirst(name));
  }

  Optional<TurnId> turn(String name) {
    return value(name)
        .map(
            text -> {
              if (!text.matches(UUID_FORM)) {
                throw flaw(name, "must be the id of a turn");
              }
              return new TurnId(UUID.fromString(text));
            });
  }

  Optional<SessionKey> session(String name) {
    return value(name)
        .map(
            text -> {
              SessionKey.flaw(text)
                  .ifPresent(
                      why -> {
                        throw flaw(name, why);
                      });
              return new SessionKey(text);
            });
  }

  Optional<TenantId> tenant(String name) {
    return value(name)
        .map(
            text -> {
              if (!text.matches(Tenants.FORM)) {
                throw flaw(name, Tenants.ALLOWED);
              }
              return new TenantId(text);
            });
  }

  /** The name of something configured, now or once. */
  <T> Optional<T> name(String name, Function<String, T> type) {
    return value(name)
        .map(
            text -> {
              if (!text.matches(NAME)) {
                throw flaw(name, "must be a name of letters, digits, '.', '_' and '-'");
              }
              return type.apply(text);
            });
  }

  /** The reasons that both parameters leave; empty when neither is there. */
  Optional<Set<FailureReason>> reasons(String reason, String family) {
    var one = constant(reason, FailureReason.class);
    var some = constant(family, FailureFamily.class);
    if (one.isEmpty() && some.isEmpty()) {
      return Optional.empty();
    }
    var left = EnumSet.allOf(FailureReason.class);
    one.ifPresent(only -> left.removeIf(other -> other != only));
    some.ifPresent(only -> left.removeIf(other -> other.family() != only));
    return Optional.of(left);
  }

  private <E extends Enum<E>> Optional<E> constant(String name, Class<E> type) {
    return value(name)
        .map(
            text -> {
              var all = List.of(type.getEnumConstants());
              return all.stream()
                  .filter(constant -> code(constant).equals(text))
                  .findFirst()
                  .orElseThrow(() -> flaw(name, "must be one of " + codes(all)));
            });
  }

  private static String codes(List<? extends Enum<?>> all) {
    return all.stream().map(Filters::code).collect(Collectors.joining(", "));
  }

  private static String code(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  Optional<Instant> time(String name) {
    return value(name)
        .map(
            text -> {
              try {
                var time = OffsetDateTime.parse(text).toInstant();
                if (!time.isBefore(Instant.EPOCH) && time.isBefore(LATEST)) {
                  return time;
                }
              } catch (DateTimeException e) {
                // Refused below, like a time out of range.
              }
              throw flaw(name, "must be a time such as 2026-01-31T08:00:00Z, with a zone");
            });
  }

  /** Refuses a stretch of time in which there is nothing. */
  static void requireOrder(Optional<Instant> from, Optional<Instant> to) {
    if (from.isPresent() && to.isPresent() && !from.get().isBefore(to.get())) {
      throw flaw("to", "must be after from");
    }
  }
}
