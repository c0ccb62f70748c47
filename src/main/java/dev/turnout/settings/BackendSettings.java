package dev.turnout.settings;

import dev.turnout.turn.BackendId;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How to reach one backend. */
public sealed interface BackendSettings {
  /** What {@link #maxHistoryBytes} is unless somebody says otherwise: some 64,000 tokens. */
  long MAX_HISTORY_BYTES = 262_144;

  BackendId id();

  TimeLimits limits();

  /**
   * Most bytes of earlier turns, as UTF-8, that one prompt brings along for a backend that does not
   * know them.
   */
  long maxHistoryBytes();

  /**
   * A CLI: started once for each attempt, or kept between the turns of a session.
   *
   * @param dialect whose output and manners to expect
   * @param command the program: a path, or a name to be found on the PATH
   * @param args arguments of every call; may hold the placeholders {@code {prompt} {model}
   *     {session} {system_prompt} {system_prompt_file} {workspace}}
   * @param newSessionArgs added when the backend has no session id yet; {@code {session}} is then a
   *     fresh UUID of ours
   * @param resumeArgs added when it has one; empty when this CLI cannot resume
   * @param modelArgs added when the candidate names a model
   * @param modelAliases the names by which the CLI knows models, by the names we use
   * @param systemPromptArgs added when the agent has a system prompt; {@code {system_prompt_file}}
   *     in them makes it a file with mode 0600
   * @param environment variables set for the process, beside the few that every process gets
   * @param passEnvironment names of Turnout's own variables handed through
   * @param home the HOME of the process; a private one per session when absent
   * @param maxOutputBytes most bytes on stdout and stderr together before the process is ended
   * @param grace how long the process group may take to end after SIGTERM before SIGKILL
   * @param live whether its processes live on between turns
   */
  record Cli(
      BackendId id,
      CliDialect dialect,
      String command,
      List<String> args,
      List<String> newSessionArgs,
      List<String> resumeArgs,
      List<String> modelArgs,
      Map<String, String> modelAliases,
      List<String> systemPromptArgs,
      PromptChannel promptChannel,
      OutputFormat output,
      OutputFields fields,
      Map<String, String> environment,
      List<String> passEnvironment,
      Optional<Path> home,
      TimeLimits limits,
      long maxOutputBytes,
      Duration grace,
      LiveSettings live,
      AgentTools tools,
      long maxHistoryBytes)
      implements BackendSettings {
    public Cli {
      args = List.copyOf(args);
      newSessionArgs = List.copyOf(newSessionArgs);
      resumeArgs = List.copyOf(resumeArgs);
      modelArgs = List.copyOf(modelArgs);
      modelAliases = Map.copyOf(modelAliases);
      systemPromptArgs = List.copyOf(systemPromptArgs);
      environment = Map.copyOf(environment);
      passEnvironment = List.copyOf(passEnvironment);
    }

    /** The same, with these tools for its agent. */
    public Cli with(AgentTools other) {
      return copy(command, args, newSessionArgs, resumeArgs, modelArgs, promptChannel, other);
    }

    /** The same, running this program, which is told of its conversation by these arguments. */
    public Cli running(
        String program, List<String> everyArgs, List<String> newSession, List<String> resume) {
      return copy(program, everyArgs, newSession, resume, modelArgs, promptChannel, tools);
    }

    /** The same, told of conversation and model in the words of a protocol, not in arguments. */
    public Cli inProtocol(List<String> everyArgs, List<String> modelArguments) {
      return copy(
          command, everyArgs, List.of(), List.of(), modelArguments, PromptChannel.STDIN, tools);
    }

    /** The same, with these arguments in every call and every prompt on stdin. */
    public Cli onStdin(List<String> everyArgs) {
      return copy(
          command, everyArgs, newSessionArgs, resumeArgs, modelArgs, PromptChannel.STDIN, tools);
    }

    private Cli copy(
        String program,
        List<String> everyArgs,
        List<String> newSession,
        List<String> resume,
        List<String> modelArguments,
        PromptChannel channel,
        AgentTools agentTools) {
      return new Cli(
          id,
          dialect,
          program,
          everyArgs,
          newSession,
          resume,
          modelArguments,
          modelAliases,
          systemPromptArgs,
          channel,
          output,
          fields,
          environment,
          passEnvironment,
          home,
          limits,
          maxOutputBytes,
          grace,
          live,
          agentTools,
          maxHistoryBytes);
    }
  }

  /**
   * A model API.
   *
   * @param baseUrl where it answers; the provider's public address when absent
   * @param defaultModel the model when the candidate names none
   * @param maxOutputTokens the limit that each request carries
   * @param maxOutputBytes most bytes of answer text before the request is ended
   */
  record Api(
      BackendId id,
      ApiDialect dialect,
      Optional<URI> baseUrl,
      Optional<String> defaultModel,
      int maxOutputTokens,
      long maxOutputBytes,
      TimeLimits limits,
      long maxHistoryBytes)
      implements BackendSettings {
    /** One with the usual limit on earlier turns. */
    public Api(
        BackendId id,
        ApiDialect dialect,
        Optional<URI> baseUrl,
        Optional<String> defaultModel,
        int maxOutputTokens,
        long maxOutputBytes,
        TimeLimits limits) {
      this(
          id,
          dialect,
          baseUrl,
          defaultModel,
          maxOutputTokens,
          maxOutputBytes,
          limits,
          MAX_HISTORY_BYTES);
    }
  }

  /** Whose protocol a CLI speaks. */
  enum CliDialect {
    COMMAND,
    /** The Agent Client Protocol, which many agents speak. */
    ACP,
    CLAUDE,
    CODEX,
    GEMINI,
    DEMO
  }

  /** Whose protocol a model API speaks. */
  enum ApiDialect {
    ANTHROPIC,
    OPENAI
  }

  /** How the prompt reaches a CLI. */
  enum PromptChannel {
    /** As an argument while it is short enough for the kernel, else on stdin. */
    AUTO,
    STDIN,
    ARGUMENT
  }

  /** How a CLI of dialect {@code COMMAND} writes its answer on stdout. */
  enum OutputFormat {
    TEXT,
    /** One JSON document. */
    JSON,
    /** One JSON document a line. */
    JSONL
  }

  /**
   * Where the facts stand in a CLI's JSON, as dotted paths such as {@code message.content.0.text}.
   * A path that is absent from a document is skipped.
   *
   * @param text the whole answer; in JSONL the last line that has it wins
   * @param delta a piece of the answer to stream at once
   * @param sessionId the CLI's own session id
   * @param error a text that makes the attempt a failure
   */
  record OutputFields(
      Optional<String> text,
      Optional<String> delta,
      Optional<String> sessionId,
      Optional<String> error,
      Optional<String> inputTokens,
      Optional<String> outputTokens) {
    public static final OutputFields NONE =
        new OutputFields(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
  }

  /**
   * How long a backend may take. Each limit fails with a reason of its own.
   *
   * @param connect until a connection stands; model APIs only
   * @param firstOutput from the start until the first output
   * @param idle between two outputs
   * @param total for the whole attempt
   */
  record TimeLimits(Duration connect, Duration firstOutput, Duration idle, Duration total) {}
}
