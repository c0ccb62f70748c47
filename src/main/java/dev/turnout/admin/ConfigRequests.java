package dev.turnout.admin;

import dev.turnout.http.Problem;
import dev.turnout.http.ProblemException;
import dev.turnout.http.ProblemType;
import dev.turnout.settings.SettingFlaw;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what calls of the configuration share, and words their refusals. */
final class ConfigRequests {
  /** A strong entity tag of ours. */
  private static final Pattern ETAG = Pattern.compile("\\s*\"(\\d{1,18})\"\\s*");

  private static final Pattern COMMENT = Pattern.compile(ConfigBody.COMMENT);

  private ConfigRequests() {}

  /** The revision that a change is based on. */
  static long base(@Nullable String ifMatch) {
    if (ifMatch == null || ifMatch.isBlank()) {
      throw new ProblemException(
          Problem.ofHeader(
              ProblemType.PRECONDITION_REQUIRED, "If-Match", "must be the ETag of the document"));
    }
    var tag = ETAG.matcher(ifMatch);
    if (!tag.matches()) {
      throw new ProblemException(
          Problem.ofHeader(
              ProblemType.INVALID_HEADER,
              "If-Match",
              "must be one ETag of this document with its quotes"));
    }
    return Long.parseLong(tag.group(1));
  }

  static boolean dryRun(@Nullable String text) {
    if (text == null || text.equals("false")) {
      return false;
    }
    if (text.equals("true")) {
      return true;
    }
    throw new ProblemException(Problem.ofParameter("dryRun", "must be true or false"));
  }

  static String comment(@Nullable String text) {
    if (text == null) {
      return "";
    }
    if (!COMMENT.matcher(text).matches()) {
      throw new ProblemException(
          Problem.ofParameter(
              "comment", "must have at most 500 characters and no control characters"));
    }
    return text.strip();
  }

  static Optional<Long> number(String text) {
    return text.matches("\\d{1,18}") ? Optional.of(Long.valueOf(text)) : Optional.empty();
  }

  static ProblemException noRevision(String number) {
    return new ProblemException(
        ProblemType.REVISION_NOT_FOUND, "There is no revision " + number + ".");
  }

  static ProblemException stale(long current) {
    return new ProblemException(
        Problem.of(ProblemType.STALE_REVISION, "The current revision is " + current + ".")
            .withFlaw(
                new Problem.Flaw(null, null, "If-Match", "is not the current revision's ETag")));
  }

  static ProblemException refused(Problem problem, List<SettingFlaw> flaws) {
    var told = problem;
    for (var flaw : flaws) {
      told = told.withFlaw(new Problem.Flaw(flaw.pointer(), null, null, flaw.why()));
    }
    return new ProblemException(told);
  }
}
