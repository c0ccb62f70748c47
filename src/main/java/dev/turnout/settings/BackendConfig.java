package dev.turnout.settings;

import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A backend, as it is written. What is absent comes from the preset of its kind. A part of {@link
 * TurnoutConfig}.
 */
interface BackendConfig {
  /**
   * What it is: a CLI that Turnout knows, any other agent that speaks {@code acp}, the Agent Client
   * Protocol, any other {@code command}, or the API of a provider. Allowed: {@code acp}, {@code
   * anthropic}, {@code claude}, {@code codex}, {@code command}, {@code demo}, {@code gemini},
   * {@code openai}.
   */
  String kind();

  /** CLIs: the program, as a path or as a name that is found on the PATH. */
  Optional<String> command();

  /** CLIs: the arguments of every call, in place of the preset's; may hold placeholders. */
  Optional<List<String>> args();

  /** CLIs: more arguments of every call, after those of the preset. */
  Optional<List<String>> extraArgs();

  /** CLIs: added in the first turn of a session. */
  Optional<List<String>> newSessionArgs();

  /** CLIs: added in later turns; a CLI without any is told the conversation anew. */
  Optional<List<String>> resumeArgs();

  /** CLIs: added when the candidate or the turn names a model. */
  Optional<List<String>> modelArgs();

  /** CLIs: the CLI's names of models, by the names used here. */
  Map<String, String> modelAliases();

  /** CLIs: added when the agent has a system prompt. */
  Optional<List<String>> systemPromptArgs();

  /**
   * CLIs: how the prompt gets there. Auto takes the argument with {@code {prompt}} while the prompt
   * fits into one, else stdin. Allowed: {@code auto}, {@code stdin}, {@code argument}.
   */
  Optional<String> prompt();

  /**
   * Kind command: how the answer is written on stdout. Allowed: {@code text}, {@code json}, {@code
   * jsonl}.
   */
  Optional<String> output();

  /** Kind command: where the facts stand in the CLI's JSON. */
  Fields fields();

  /** CLIs: variables of the process, beside PATH, HOME, TMPDIR, LANG and the credential. */
  Map<String, String> environment();

  /** CLIs: names of Turnout's own variables that are handed through. */
  Optional<List<String>> passEnvironment();

  /**
   * CLIs: HOME of the process; each session gets a private one when absent. Allowed: an absolute
   * path.
   */
  Optional<String> home();

  /**
   * APIs: where it answers; the provider's public address when absent. Allowed: an http or https
   * URL.
   */
  Optional<String> baseUrl();

  /** APIs: the model when the candidate names none. */
  Optional<String> defaultModel();

  /** APIs: the limit on tokens that each request carries. Allowed: 1 or more. */
  @WithDefault("8192")
  int maxOutputTokens();

  /** Most bytes that one attempt may write before it is ended. Allowed: 1 or more. */
  @WithDefault("33554432")
  long maxOutputBytes();

  /**
   * Most bytes of earlier turns that one prompt brings along, when the backend does not know them:
   * it has no memory, or lost what it had, or others answered meanwhile. The oldest turns are left
   * out. Allowed: 0 or more.
   */
  @WithDefault("262144")
  long maxHistoryBytes();

  /** Limits on time; each fails with a reason of its own. */
  Limits limits();

  /** CLIs: from SIGTERM to SIGKILL. Allowed: 0s or longer. */
  @WithDefault("3s")
  Duration grace();

  /** CLIs: processes that live on between the turns of a session. */
  Live live();

  /** CLIs: the tools of Turnout's own that the agent is given. */
  Mcp mcp();

  /** CLIs: MCP servers of yours, by the name under which the agent sees them. */
  Map<String, McpServer> mcpServers();

  /** Living CLIs, and every claude: which tools the agent may use. */
  Tools tools();

  /** Turnout's own tools. */
  interface Mcp {
    /**
     * Whether the agent can put turns into the line of its own session, and look at that line. Off,
     * because an agent that gives itself work spends money that nobody asked it to spend.
     */
    @WithDefault("false")
    boolean enabled();

    /** How many turns one turn may put into the line. Allowed: 1 or more. */
    @WithDefault("10")
    int maxFollowups();

    /**
     * How many turns may follow each other, each put into the line by the one before. Allowed: 1 or
     * more.
     */
    @WithDefault("10")
    int maxChain();
  }

  /** An MCP server: a program or an address. */
  interface McpServer {
    /** A program that speaks MCP on stdin and stdout, and that the CLI starts. */
    Optional<String> command();

    /** Its arguments. */
    Optional<List<String>> args();

    /** Variables of the program; {@code {env:NAME}} and {@code {file:/path}} stand for secrets. */
    Map<String, String> environment();

    /** In place of a program, where it speaks streamable HTTP. Allowed: an http or https URL. */
    Optional<String> url();

    /**
     * Headers of each request, such as {@code Bearer {env:NAME}}; {@code {file:/path}} is a secret
     * too.
     */
    Map<String, String> headers();
  }

  /**
   * Tools by the CLI's own names, such as {@code Bash} or {@code mcp__docs__search}, or by their
   * kinds, such as {@code execute}; a name may end with a star.
   */
  interface Tools {
    /** Used without a question, beside those of the MCP servers named here. */
    Optional<List<String>> allow();

    /**
     * Whoever follows the turn is asked by an event, and answers by a call; the agent waits
     * meanwhile. Needs a living process.
     */
    Optional<List<String>> ask();

    /** Never used. */
    Optional<List<String>> deny();

    /**
     * What becomes of every other tool that the CLI would ask a person about. Allow and ask need a
     * living process. Allowed: {@code deny}, {@code ask}, {@code allow}.
     */
    @WithDefault("deny")
    String otherwise();

    /** How long a question waits; then the answer is no. Allowed: longer than 0s. */
    @WithDefault("5m")
    Duration answerWithin();
  }

  /** Living processes. */
  interface Live {
    /**
     * Whether a session keeps its process; every kind of CLI but command can. On for demo, off for
     * the others when absent.
     */
    Optional<Boolean> enabled();

    /** How long a process may wait for the next turn of its session. Allowed: longer than 0s. */
    @WithDefault("10m")
    Duration idleClose();

    /** How long a process may live; a turn that runs is finished. Allowed: longer than 0s. */
    @WithDefault("6h")
    Duration maxAge();

    /** How many turns a process may have. Allowed: 1 or more. */
    @WithDefault("200")
    int maxTurns();

    /**
     * How many processes of this backend one replica keeps. The one that has waited longest makes
     * room; when all of them work, a turn gets a process of its own that does not stay. Allowed: 1
     * or more.
     */
    @WithDefault("16")
    int capacity();

    /**
     * Kinds claude and demo: how many processes are started ahead for each agent whose chain begins
     * with this backend, so that the first turn of a new session finds one ready. They count in the
     * capacity, of which they can be no more, and are the first to make room. Allowed: 0 or more.
     */
    @WithDefault("0")
    int warm();
  }

  /** Dotted paths into a CLI's JSON. */
  interface Fields {
    /** The whole answer; in JSONL the last line that has it wins. */
    Optional<String> text();

    /** A piece of the answer, streamed at once. */
    Optional<String> delta();

    /** The CLI's own session id. */
    Optional<String> sessionId();

    /** A text that makes the attempt a failure. */
    Optional<String> error();

    /** Tokens read. */
    Optional<String> inputTokens();

    /** Tokens written. */
    Optional<String> outputTokens();
  }

  /** Limits on time. */
  interface Limits {
    /** APIs: until a connection stands. Allowed: longer than 0s. */
    @WithDefault("10s")
    Duration connect();

    /** From the start to the first output. Allowed: longer than 0s. */
    @WithDefault("2m")
    Duration firstOutput();

    /** Between two outputs. Allowed: longer than 0s. */
    @WithDefault("5m")
    Duration idle();

    /** For the whole attempt. Allowed: longer than 0s. */
    @WithDefault("1h")
    Duration total();
  }
}
