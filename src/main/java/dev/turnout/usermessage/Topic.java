package dev.turnout.usermessage;

import dev.turnout.failure.FailureReason;
import java.util.Locale;

/**
 * One thing that can be said. Reasons that mean the same to the person who reads share a topic. In
 * the order in which they are said: what a person must mend first, because nothing else helps it.
 */
enum Topic {
  BILLING(Help.PERSON, true),
  REVOKED(Help.PERSON, true),
  AUTH(Help.PERSON, true),
  PERMISSION(Help.PERSON, false),
  CONFIG(Help.PERSON, false),
  START(Help.PERSON, false),
  MODEL(Help.PERSON, false),
  CONTEXT(Help.PERSON, false),
  SIZE(Help.PERSON, false),
  INVALID(Help.PERSON, false),
  POLICY(Help.PERSON, false),
  REFUSAL(Help.PERSON, false),
  OUTPUT(Help.PERSON, false),
  QUOTA(Help.TIME, false),
  RATE(Help.TIME, false),
  OVERLOADED(Help.TIME, false),
  SERVER(Help.TIME, false),
  NETWORK(Help.TIME, false),
  TIMEOUT(Help.TIME, false),
  EMPTY(Help.TIME, false),
  SESSION(Help.TIME, false),
  PROTOCOL(Help.TIME, false),
  CRASH(Help.TIME, false),
  PLACES(Help.TIME, false),
  NOBODY(Help.TIME, false),
  INTERRUPTED(Help.TIME, false),
  EXPIRED(Help.TIME, false),
  INTERNAL(Help.TIME, false),
  CANCELLED(Help.NONE, false);

  /** What makes it work again. */
  enum Help {
    /** Somebody has to do something; time alone changes nothing. */
    PERSON,
    /** The same turn may succeed when it is sent again. */
    TIME,
    /** It is over, as somebody wished. */
    NONE
  }

  private final Help help;
  private final boolean byAccount;

  Topic(Help help, boolean byAccount) {
    this.help = help;
    this.byAccount = byAccount;
  }

  Help help() {
    return help;
  }

  /** The key of its text in the catalogue. */
  String key(Account account) {
    var name = name().toLowerCase(Locale.ROOT);
    return byAccount ? name + "." + account.code() : name;
  }

  static Topic of(FailureReason reason) {
    return switch (reason) {
      case BILLING -> BILLING;
      case AUTH_REVOKED -> REVOKED;
      case AUTH_INVALID -> AUTH;
      case PERMISSION -> PERMISSION;
      case BACKEND_CONFIG_MISSING -> CONFIG;
      case SPAWN_FAILED -> START;
      case MODEL_NOT_FOUND -> MODEL;
      case CONTEXT_OVERFLOW -> CONTEXT;
      case REQUEST_TOO_LARGE -> SIZE;
      case INVALID_REQUEST -> INVALID;
      case CONTENT_POLICY -> POLICY;
      case REFUSAL -> REFUSAL;
      case OUTPUT_LIMIT -> OUTPUT;
      case QUOTA_WINDOW -> QUOTA;
      case RATE_LIMIT -> RATE;
      case OVERLOADED -> OVERLOADED;
      case SERVER_ERROR -> SERVER;
      case NETWORK -> NETWORK;
      case TIMEOUT_CONNECT, TIMEOUT_FIRST_OUTPUT, TIMEOUT_IDLE, TIMEOUT_TOTAL -> TIMEOUT;
      case EMPTY_RESPONSE -> EMPTY;
      case SESSION_LOST -> SESSION;
      case PROTOCOL_ERROR -> PROTOCOL;
      case PROCESS_CRASHED -> CRASH;
      case LIVE_CAPACITY -> PLACES;
      case NO_CANDIDATE -> NOBODY;
      case INTERRUPTED -> INTERRUPTED;
      case EXPIRED -> EXPIRED;
      case INTERNAL -> INTERNAL;
      case CANCELLED -> CANCELLED;
    };
  }
}
