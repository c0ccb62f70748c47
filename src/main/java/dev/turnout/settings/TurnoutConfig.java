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
  Map<String, BackendConfig> backends();

  /** Auth profiles by name. */
  Map<String, AuthProfile> authProfiles();

  /** Lanes by name. */
  Map<String, Lane> lanes();

  /** Limits of the queue. */
  LineConfig.Queue queue();

  /** How far a turn goes to find somebody who answers. */
  Fallback fallback();

  /** The record of what was decided on the way of turns. */
  Decisions decisions();

  /** How long what is over is kept. */
  LineConfig.Retention retention();

  /**
   * What people are told, in words of yours, by language and text; the words that ship with Turnout
   * where there are none. "What people are told" says which texts there are.
   */
  Map<String, Map<String, String>> messages();

  /** What clients of the API see. */
  Http http();

  /** Who signs callers in beside API keys. */
  DoorConfig.Oidc oidc();

  /** Where operators enter, when not through the main listener. */
  DoorConfig.Admin admin();

  /** What the main listener asks of callers over TLS. */
  DoorConfig.Tls tls();

  /** Which addresses Turnout itself asks, when it calls a model API. */
  Egress egress();

  /** How failures are told apart. */
  Classification classification();

  /**
   * How long what failed rests, by what failed: a reason such as {@code rate_limit}, or a scope,
   * which is {@code payment}, {@code sign_in}, {@code quota}, {@code service} or {@code model}. A
   * reason wins over its scope.
   */
  Map<String, Rest> cooldown();

  /** An agent. */
  interface Agent {
    /** Its candidates, in the order of preference. Allowed: 1 or more. */
    List<Link> chain();

    /**
     * Who is asked in place of the rest of the chain after a conversation or a request was too
     * large for a candidate; without entries the chain goes on.
     */
    List<Link> contextOverflowChain();

    /**
     * Who is asked in place of the rest of the chain after a provider or a model would not answer
     * such a thing; without entries the chain goes on.
     */
    List<Link> contentPolicyChain();

    /**
     * Whether the next candidate may answer anew when one fails that had begun to speak. Readers of
     * the stream are told by a {@code restarted} event that what came before is void.
     */
    @WithDefault("false")
    boolean restartAfterOutput();

    /**
     * The same when its tools may have acted: the next candidate may do again what was done. Only
     * beside {@code restart-after-output}.
     */
    @WithDefault("false")
    boolean restartAfterTools();

    /**
     * Most calls of candidates in one turn of this agent, in place of {@code
     * fallback.max-attempts}. Allowed: 1 or more.
     */
    Optional<Integer> maxAttempts();

    /**
     * How long a turn of this agent may pause for second tries, in place of {@code
     * fallback.retry-budget}. Allowed: 0s or longer.
     */
    Optional<Duration> retryBudget();

    /** How its turns wait, where that differs from {@code queue}. */
    LineConfig.AgentLine queue();

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

    /** Which tools it may use, in place of what its backends say. */
    AgentToolPolicy tools();
  }

  /** Tools of an agent; what is absent is as its backend has it. */
  interface AgentToolPolicy {
    /** Used without a question, beside those of the MCP servers of the backend. */
    Optional<List<String>> allow();

    /** Whoever follows the turn is asked; where no living process can ask, the answer is no. */
    Optional<List<String>> ask();

    /** Never used. */
    Optional<List<String>> deny();

    /**
     * What becomes of every other tool that the CLI would ask a person about. Allowed: {@code
     * deny}, {@code ask}, {@code allow}.
     */
    Optional<String> otherwise();

    /** How long a question waits; then the answer is no. Allowed: longer than 0s. */
    Optional<Duration> answerWithin();
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

    /**
     * How sessions are given these credentials: the first of the list that may be asked, or spread
     * by their {@code weight}. A session stays with the one that answered it last as long as that
     * may be asked. Allowed: {@code order}, {@code weighted}.
     */
    @WithDefault("order")
    String rotation();

    /** Whether it is asked in spite of a cooldown when nobody else is left. */
    @WithDefault("false")
    boolean lastResort();
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

    /**
     * Its share of the sessions where {@code rotation} is weighted; one with 0 is taken only when
     * the others may not be asked. Allowed: 0 or more.
     */
    @WithDefault("1")
    int weight();

    /**
     * Which backends may use it: CLIs, model APIs, or both when absent. What a provider takes for
     * one of them it may bill or refuse for the other. Allowed: {@code cli}, {@code api}.
     */
    Optional<List<String>> runtimes();

    /** Whether it is used; candidates with one that is not are skipped, and say so. */
    @WithDefault("true")
    boolean enabled();
  }

  /** A lane. */
  interface Lane {
    /** How many turns of it one replica runs at once. Allowed: 1 or more. */
    int width();
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

  /** The record of what was decided on the way of turns. */
  interface Decisions {
    /**
     * How long a decision is kept, with the facts of the failure it was made on. Allowed: 3600s or
     * longer.
     */
    @WithDefault("30d")
    Duration keep();
  }

  /** What clients of the API see. */
  interface Http {
    /** How often a silent event stream shows that it lives. Allowed: longer than 0s. */
    @WithDefault("15s")
    Duration heartbeat();

    /** How fast one API key may ask one replica; as fast as it can when absent. */
    RateLimit rateLimit();

    /** How many event streams of one API key a replica keeps open. Allowed: 1 or more. */
    @WithDefault("200")
    int streamsPerKey();

    /** How many event streams a replica keeps open in all. Allowed: 1 or more. */
    @WithDefault("2000")
    int streams();

    /** How long a request may take to arrive, body and all. Allowed: longer than 0s. */
    @WithDefault("30s")
    Duration bodyTimeout();

    /**
     * How long the reader of an event stream may take nothing before its connection is closed; it
     * can go on with {@code Last-Event-ID}. Allowed: longer than 0s.
     */
    @WithDefault("30s")
    Duration slowReader();
  }

  /** Which addresses Turnout itself asks, when it calls a model API. */
  interface Egress {
    /** Whether this machine is asked, where a local model may listen. */
    @WithDefault("true")
    boolean loopback();

    /**
     * What is asked whatever else is said here, with {@code 0.0.0.0/0} and {@code ::/0} in {@code
     * deny} nothing else is. Allowed: networks such as {@code 10.0.0.0/8} or {@code fd00:ec2::254}.
     */
    Optional<List<String>> allow();

    /**
     * What is never asked, beside link-local addresses and where clouds hand out credentials.
     * Allowed: networks such as {@code 10.0.0.0/8} or {@code fd00:ec2::254}.
     */
    Optional<List<String>> deny();
  }

  /** A limit on the requests of each API key; those with the scope {@code admin} have none. */
  interface RateLimit {
    /** How many requests a second, for as long as it likes. Allowed: 1 or more. */
    Optional<Integer> perSecond();

    /**
     * How many at once after a pause; as many as {@code per-second} when absent, and of no meaning
     * without it. Allowed: 1 or more.
     */
    Optional<Integer> burst();
  }

  /** How failures are told apart. */
  interface Classification {
    /** Rules of yours, which are asked before those that ship with Turnout. */
    List<Rule> rules();
  }

  /** A rule: what the facts of a failure must be, and what that means. */
  interface Rule {
    /**
     * Its name, which stands in every failure that it judged; that of a shipped rule replaces it.
     */
    String id();

    /** What must hold, such as {@code status = 402 and says "seats"}. */
    String when();

    /** What it means: a reason such as {@code billing}. */
    String reason();

    /** What is known of this answer, for whoever wonders later. */
    String why();
  }

  /** How long something rests. What is absent is as in {@code docs/adr/0012-cooldowns.md}. */
  interface Rest {
    /** After how many failures in a row. Allowed: 1 or more. */
    Optional<Integer> after();

    /** The first rest; each further one is twice as long. Allowed: longer than 0s. */
    Optional<Duration> first();

    /** The longest rest of this ladder. Allowed: longer than 0s. */
    Optional<Duration> longest();

    /** How far off a time that the provider names is believed. Allowed: longer than 0s. */
    Optional<Duration> farthest();
  }
}
