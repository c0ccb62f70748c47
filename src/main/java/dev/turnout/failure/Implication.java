package dev.turnout.failure;

import java.util.List;

/** Whether one condition can hold only where another holds too. Errs on the side of no. */
final class Implication {
  private Implication() {}

  static boolean holds(Condition special, Condition general) {
    return parts(general).stream()
        .allMatch(wide -> parts(special).stream().anyMatch(narrow -> one(narrow, wide)));
  }

  private static List<Condition> parts(Condition condition) {
    return condition instanceof Condition.All(var parts) ? parts : List.of(condition);
  }

  private static boolean one(Condition narrow, Condition wide) {
    if (narrow.equals(wide)) {
      return true;
    }
    return switch (wide) {
      case Condition.Says(var phrases) ->
          narrow instanceof Condition.Says(var own)
              && own.stream().allMatch(phrase -> phrases.stream().anyMatch(phrase::contains));
      case Condition.Not(var denied) ->
          narrow instanceof Condition.Not(var own) && one(denied, own);
      case Condition.Has(var field) ->
          narrow.field().equals(field) && !(narrow instanceof Condition.Not);
      case Condition.OneOf(var field, var values) ->
          narrow instanceof Condition.OneOf(var name, var own)
              && name.equals(field)
              && values.containsAll(own);
      case Condition.StartsWith(var field, var prefixes) -> {
        var begins =
            switch (narrow) {
              case Condition.OneOf(var name, var own) when name.equals(field) -> own;
              case Condition.StartsWith(var name, var own) when name.equals(field) -> own;
              case Condition _ -> List.<String>of();
            };
        yield !begins.isEmpty()
            && begins.stream().allMatch(value -> prefixes.stream().anyMatch(value::startsWith));
      }
      case Condition.Between(var field, var from, var to) ->
          switch (narrow) {
            case Condition.Between(var name, var low, var high) ->
                name.equals(field) && from <= low && high <= to;
            case Condition.OneOf(var name, var values) when name.equals(field) ->
                values.stream().allMatch(value -> isWithin(value, from, to));
            case Condition _ -> false;
          };
      case Condition.All _ -> false;
    };
  }

  private static boolean isWithin(String value, int from, int to) {
    return value.matches("\\d{1,9}")
        && from <= Integer.parseInt(value)
        && Integer.parseInt(value) <= to;
  }
}
