package dev.turnout.backend.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A command line as it may be shown to an admin. Turnout puts no secrets into arguments; an
 * operator's own arguments may hold some all the same.
 */
final class ShownArguments {
  private static final int LONGEST = 160;
  private static final String HIDDEN = "[hidden]";
  private static final Pattern SECRET_NAME =
      Pattern.compile("(?i).*(key|token|secret|passw(or)?d|credential|authorization).*");
  private static final Pattern SECRET =
      Pattern.compile("(?i)(sk|rk|pk|gh[pousr]|xox[a-z])[-_].{8,}");

  private ShownArguments() {}

  static List<String> of(List<String> argv) {
    var shown = new ArrayList<String>();
    boolean hideNext = false;
    for (var argument : argv) {
      boolean option = argument.startsWith("-");
      shown.add(hideNext && !option ? HIDDEN : shown(argument));
      hideNext = option && !argument.contains("=") && SECRET_NAME.matcher(argument).matches();
    }
    return shown;
  }

  private static String shown(String argument) {
    int equals = argument.indexOf('=');
    if (equals > 0 && SECRET_NAME.matcher(argument.substring(0, equals)).matches()) {
      return argument.substring(0, equals + 1) + HIDDEN;
    }
    if (SECRET.matcher(argument).matches()) {
      return HIDDEN;
    }
    return argument.length() <= LONGEST
        ? argument
        : argument.substring(0, LONGEST) + "… (" + argument.length() + " characters)";
  }
}
