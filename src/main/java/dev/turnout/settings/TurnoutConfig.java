package dev.turnout.settings;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The configuration as it is written in files and in the environment. */
@ConfigMapping(prefix = "turnout")
interface TurnoutConfig {
  /** The directory in which Turnout keeps what it needs beside its database. */
  @WithDefault(".turnout")
  String dataDir();

  /** The first admin key. Given once, by the start script; kept as a hash. */
  Optional<String> bootstrapKey();

  /** How long the other replicas wait for a sign of life before they take a replica for dead. */
  @WithDefault("15s")
  Duration lease();

  /** Whether this replica runs turns; one that does not still accepts them. */
  @WithDefault("true")
  boolean worker();

  /** The agent that answers when neither the turn nor its session names one. */
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

  /** What clients of the API see. */
  Http http();

  /** An agent. */
  interface Agent {
    /** Its candidates, in the order of preference. */
    List<Link> chain();

    /** What the model is told before the conversation. */
    Optional<String> systemPrompt();

    /**
     * The absolute path of the directory in which its CLIs work; a private one a session if absent.
     */
    Optional<String> workspace();

    /** How many earlier turns a backend without memory is told. */
    @WithDefault("50")
    int historyTurns();
  }

  /** One candidate. */
  interface Link {
    /** The name of a backend. */
    String backend();

    /** The model; the backend's default when absent. */
    Optional<String> model();

    /** The name of an auth profile. */
    Optional<String> authProfile();
  }

  /** A backend. What is absent comes from the preset of its kind. */
  interface Backend {
    /** command, claude, codex, gemini, demo, anthropic or openai. */
    String kind();

    /** The program: a path, or a name that is found on the PATH. */
    Optional<String> command();

    /** Arguments of every call; see the placeholders. */
    Optional<List<String>> args();

    /** Arguments after those of the preset. */
    Optional<List<String>> extraArgs();

    /** Arguments of the first turn of a session. */
    Optional<List<String>> newSessionArgs();

    /** Arguments of the later turns; a CLI without them is told the conversation anew. */
    Optional<List<String>> resumeArgs();

    /** Arguments when a model is named. */
    Optional<List<String>> modelArgs();

    /** The CLI's names of models, by ours. */
    Map<String, String> modelAliases();

    /** Arguments when the agent has a system prompt. */
    Optional<List<String>> systemPromptArgs();

    /** auto, stdin or argument. */
    Optional<String> prompt();

    /** text, json or jsonl. */
    Optional<String> output();

    /** Where the facts stand in the CLI's JSON. */
    Fields fields();

    /** Variables of the process. */
    Map<String, String> environment();

    /** Names of Turnout's own variables that are handed through. */
    Optional<List<String>> passEnvironment();

    /** HOME of the process; a private one a session if absent. */
    Optional<String> home();

    /** Where the API answers; the provider's public address if absent. */
    Optional<String> baseUrl();

    /** The model when the candidate names none. */
    Optional<String> defaultModel();

    /** The limit on tokens that each request to an API carries. */
    @WithDefault("8192")
    int maxOutputTokens();

    /** Most bytes that one attempt may write. */
    @WithDefault("33554432")
    long maxOutputBytes();

    /** Limits on time. */
    Limits limits();

    /** From SIGTERM to SIGKILL. */
    @WithDefault("3s")
    Duration grace();
  }

  /** Dotted paths into a CLI's JSON. */
  interface Fields {
    /** The whole answer. */
    Optional<String> text();

    /** A piece of the answer. */
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
    /** Until a connection stands. */
    @WithDefault("10s")
    Duration connect();

    /** From the start to the first output. */
    @WithDefault("2m")
    Duration firstOutput();

    /** Between two outputs. */
    @WithDefault("5m")
    Duration idle();

    /** For the whole attempt. */
    @WithDefault("1h")
    Duration total();
  }

  /** A credential, by reference. */
  interface AuthProfile {
    /** anthropic, openai, gemini, or any name of yours. */
    String provider();

    /** api_key, subscription or token. */
    @WithDefault("api_key")
    String kind();

    /** env:NAME or file:/path; a CLI that is logged in by itself has none. */
    Optional<String> secret();

    /** The variable in which a CLI expects it. */
    Optional<String> exposeAs();
  }

  /** A lane. */
  interface Lane {
    /** How many turns of it one replica runs at once. */
    int width();
  }

  /** Limits of the queue. */
  interface Queue {
    /** Most turns of one session that may wait. */
    @WithDefault("100")
    int sessionCap();

    /** Longest input, in bytes of UTF-8. */
    @WithDefault("1048576")
    int maxInputBytes();

    /** How often a turn may be started before it is given up. */
    @WithDefault("3")
    int maxRuns();

    /** How many turns of a session may follow each other while other sessions wait. */
    @WithDefault("8")
    int sessionBurst();

    /** How long a stopping replica lets its runs end by themselves. */
    @WithDefault("20s")
    Duration drainGrace();
  }

  /** What clients of the API see. */
  interface Http {
    /** How often a silent event stream shows that it lives. */
    @WithDefault("15s")
    Duration heartbeat();
  }
}
