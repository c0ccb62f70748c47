package dev.turnout.http;

/**
 * Ends a request with a problem. For the edges alone, where the next caller is the HTTP client; the
 * rooms below say what they refuse in sealed values.
 */
public final class ProblemException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient Problem problem;

  public ProblemException(Problem problem) {
    // Without a stack trace: it is an answer, and clients can ask for many.
    super(problem.detail(), null, false, false);
    this.problem = problem;
  }

  /** With the type and one sentence. */
  public ProblemException(ProblemType type, String detail) {
    this(Problem.of(type, detail));
  }

  public Problem problem() {
    return problem;
  }
}
