package dev.turnout.settings;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The configuration as it is written in files and in the environment. {@code docs/CONFIGURATION.md}
 * is generated from the comments here: the first line of each says what the setting means, and what
 * follows "Allowed:" is tried by a test.
 */
@ConfigMapping(prefix = "turnout")
interface TurnoutConfig {
  /** The directory in which Turnout keeps what it needs beside its database; see {@code --data}. */
  @WithDefault(".turnout")
  String dataDir();

  /**
   * The first admin key, in {@code TURNOUT_BOOTSTRAP_KEY}. Only its digest is stored; without one
   * the first start makes one. Allowed: 16 characters or more.
   */
  Optional<String> bootstrapKey();

  /**
   * How long the other replicas wait for a sign of life before they take a replica for dead; signs
   * are given five times as often. Allowed: 1s or longer.
   */
  @WithDefault("15s")
  Duration lease();

  /** Whether this replica runs turns; one that does not still accepts them. */
  @WithDefault("true")
  boolean worker();

  /**
   * The agent that answers when neither the turn nor its session names one. Allowed: the name of an
   * agent; {@code demo} is always there.
   */
  @WithDefault("demo")
  String defaultAgent();

  /** Agents by name. */
  Map<String, Agent> agents();

  /** Backends by name. */
  Map<String, Backend> backends();

  /** Auth profiles by name. */
  Map<String, AuthProfile> authProfiles();

  /** Lanes by name. */
  Map<String, Lane> lanes();

  /** Limits of the queue. */
  Queue queue();

  /** How far a turn goes to find somebody who answers. */
  Fallback fallback();

  /** What clients of the API see. */
  Http http();

  /** An agent. */
  interface Agent {
    /** Its candidates, in the order of preference. Allowed: 1 or more. */
    List<Link> chain();

    /** What the model is told before the conversation. */
    Optional<String> systemPrompt();

    /**
     * The directory in which its CLIs work; each session gets a private one when absent. Allowed:
     * an absolute path.
     */
    Optional<String> workspace();

    /** How many earlier turns a backend without memory is told, at most. Allowed: 0 or more. */
    @WithDefault("50")
    int historyTurns();
  }

  /** One candidate. */
  interface Link {
    /** Who is asked. Allowed: the name of a backend; {@code demo} is always there. */
    String backend();

    /** The model; the backend's own default when absent. */
    Optional<String> model();

    /**
     * With which credential; a CLI uses its own log-in when absent. Allowed: the name of an auth
     * profile.
     */
    Optional<String> authProfile();

    /**
     * Several credentials in the order in which they are tried, before the next entry of the chain
     * is; in place of {@code auth-profile}. Allowed: the name of an auth profile.
     */
    Optional<List<String>> authProfiles();

    /** Whether it is asked in spite of a cooldown when nobody else is left. */
    @WithDefault("false")
    boolean lastResort();
  }

  /** A backend. What is absent comes from the preset of its kind. */
  interface Backend {
    /**
     * What it is: a CLI that Turnout knows, any other {@code command}, or the API of a provider.
     * Allowed: {@code anthropic}, {@code claude}, {@code codex}, {@code command}, {@code demo},
     * {@code gemini}, {@code openai}.
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
     * CLIs: how the prompt gets there. Auto takes the argument with {@code {prompt}} while the
     * prompt fits into one, else stdin. Allowed: {@code auto}, {@code stdin}, {@code argument}.
     */
    Optional<String> prompt();

    /**
     * Kind command: how the answer is written on stdout. Allowed: {@code text}, {@code json},
     * {@code jsonl}.
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

    /** Limits on time; each fails with a reason of its own. */
    Limits limits();

    /** CLIs: from SIGTERM to SIGKILL. Allowed: 0s or longer. */
    @WithDefault("3s")
    Duration grace();

    /** CLIs: processes that live on between the turns of a session. */
    Live live();
  }

  /** Living processes. */
  interface Live {
    /**
     * Whether a session keeps its process; kinds claude and demo can. On for demo, off for the
     * others when absent.
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

  /** A credential, by reference. */
  interface AuthProfile {
    /** Whose it is: {@code anthropic}, {@code openai}, {@code gemini}, or any name of yours. */
    String provider();

    /** What it is. Allowed: {@code api_key}, {@code subscription}, {@code token}. */
    @WithDefault("api_key")
    String kind();

    /**
     * Where the secret is, never the secret itself; a CLI that is logged in by itself has none.
     * Allowed: {@code env:NAME} or {@code file:/absolute/path}.
     */
    Optional<String> secret();

    /** The variable in which a CLI gets it; the provider's usual one when absent. */
    Optional<String> exposeAs();
  }

  /** A lane. */
  interface Lane {
    /** How many turns of it one replica runs at once. Allowed: 1 or more. */
    int width();
  }

  /** Limits of the queue. */
  interface Queue {
    /**
     * Most turns of one session that may be open: the running one, those that wait and the delayed
     * ones. Allowed: 1 or more.
     */
    @WithDefault("100")
    int sessionCap();

    /** Longest input text, in bytes of UTF-8. Allowed: 1 or more. */
    @WithDefault("1048576")
    int maxInputBytes();

    /** How often a turn may be started before it is given up. Allowed: 1 or more. */
    @WithDefault("3")
    int maxRuns();

    /**
     * How many turns of a session may follow each other while other sessions wait. Allowed: 1 or
     * more.
     */
    @WithDefault("8")
    int sessionBurst();

    /** How long a stopping replica lets its runs end by themselves. Allowed: 0s or longer. */
    @WithDefault("20s")
    Duration drainGrace();
  }

  /** How far a turn goes to find somebody who answers. */
  interface Fallback {
    /** Most calls of candidates in one turn, retries included. Allowed: 1 or more. */
    @WithDefault("10")
    int maxAttempts();

    /**
     * How long a turn may pause, altogether, to ask a candidate a second time; with 0s nobody is
     * asked twice. Allowed: 0s or longer.
     */
    @WithDefault("5s")
    Duration retryBudget();
  }

  /** What clients of the API see. */
  interface Http {
    /** How often a silent event stream shows that it lives. Allowed: longer than 0s. */
    @WithDefault("15s")
    Duration heartbeat();
  }
}
