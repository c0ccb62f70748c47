package dev.turnout.grant;

import dev.turnout.livesession.Belongings;
import dev.turnout.livesession.ResourceKind;
import dev.turnout.settings.AgentTools.OwnTools;
import dev.turnout.turn.SessionId;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The tokens of agents' processes on this replica. They are in memory alone: a process does not
 * outlive the Turnout that started it, and so neither does its token.
 */
@ApplicationScoped
public class AgentGrants {
  /** As of an API key, so that what finds keys in logs and messages finds these too. */
  private static final String PREFIX = "turnout_agent_";

  /** 256 bits: nobody guesses it, whatever number of them there is. */
  private static final int BYTES = 32;

  private final SecureRandom random = new SecureRandom();

  /** By the digest: a look-up takes as long for a token that is nearly right as for any other. */
  private final Map<String, AgentGrant> grants = new ConcurrentHashMap<>();

  /** Knows no token yet. */
  public AgentGrants() {}

  /** A new token for a process, which is void once its owner has ended. */
  public String issue(SessionId session, OwnTools limits, Belongings owner) throws IOException {
    var bytes = new byte[BYTES];
    random.nextBytes(bytes);
    var token = PREFIX + HexFormat.of().formatHex(bytes);
    var digest = digest(token);
    // First the end of it is certain, then it opens.
    owner.own(ResourceKind.TOKEN, "mcp " + digest.substring(0, 8), () -> grants.remove(digest));
    grants.put(digest, new AgentGrant(session, limits));
    return token;
  }

  /** What was opened in one session is opened in the other instead: its process works there now. */
  public void passOn(SessionId from, SessionId to) {
    grants.values().stream()
        .filter(grant -> grant.session().equals(from))
        .forEach(grant -> grant.passTo(to));
  }

  /** What this token opens; empty when it was never given out, or is void. */
  public Optional<AgentGrant> find(String token) {
    return Optional.ofNullable(grants.get(digest(token)));
  }

  private static String digest(String token) {
    try {
      var sha = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha.digest(token.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
