package dev.turnout.usermessage;

import java.util.Locale;

/** How an attempt was paid for and signed in: decides whom a message may send where. */
public enum Account {
  API_KEY,
  SUBSCRIPTION,
  /** A bearer token, of which we know neither plan nor key. */
  TOKEN,
  /** Whatever the CLI's own installation is logged in to. */
  OWN_LOGIN;

  String code() {
    return name().toLowerCase(Locale.ROOT);
  }
}
