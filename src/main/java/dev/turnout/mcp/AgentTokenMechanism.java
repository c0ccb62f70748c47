package dev.turnout.mcp;

import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.AuthenticationRequest;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticationMechanism;
import io.quarkus.vertx.http.runtime.security.HttpCredentialTransport;
import io.quarkus.vertx.http.runtime.security.HttpSecurityUtils;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lets in the processes of agents, by their tokens, on the path of the tools and from this machine
 * alone. An API key opens nothing there, and a token nothing elsewhere.
 */
@ApplicationScoped
class AgentTokenMechanism implements HttpAuthenticationMechanism {
  /** As the permission of the path names it in application.properties. */
  private static final String SCHEME = "agent-token";

  private static final String PATH = "/mcp";
  private static final String BEARER = "Bearer ";

  /** Longer than any token of ours. */
  private static final int LONGEST = 128;

  @Override
  public Uni<SecurityIdentity> authenticate(
      RoutingContext request, IdentityProviderManager identities) {
    var path = request.normalizedPath();
    if (!path.equals(PATH) && !path.startsWith(PATH + "/")) {
      return Uni.createFrom().nullItem();
    }
    var connection = request.request().connection();
    // Whoever sits at the other end of the connection, whatever a proxy's headers say.
    if (!isOnThisMachine(connection.remoteAddress(), connection.localAddress())) {
      return refused("Only processes on this machine are let in here.");
    }
    // Programs send none; a page in somebody's browser that found this port does.
    if (request.request().getHeader(HttpHeaders.ORIGIN) != null) {
      return refused("Pages are not let in here.");
    }
    var token = token(request);
    if (token == null) {
      return Uni.createFrom().nullItem();
    }
    if (token.isEmpty() || token.length() > LONGEST) {
      return refused("The token is not known.");
    }
    var credential = new AgentToken(token);
    HttpSecurityUtils.setRoutingContextAttribute(credential, request);
    return identities.authenticate(credential);
  }

  private static Uni<SecurityIdentity> refused(String why) {
    return Uni.createFrom().failure(new AuthenticationFailedException(why));
  }

  /** Not only the loopback: a server that is bound to one address is asked from that one. */
  static boolean isOnThisMachine(@Nullable SocketAddress peer, @Nullable SocketAddress self) {
    if (peer == null || self == null || peer.hostAddress() == null) {
      return false;
    }
    try {
      // An address in digits: nobody is asked for a name.
      return InetAddress.getByName(peer.hostAddress()).isLoopbackAddress()
          || peer.hostAddress().equals(self.hostAddress());
    } catch (UnknownHostException e) {
      return false;
    }
  }

  private static @Nullable String token(RoutingContext request) {
    var header = request.request().getHeader(HttpHeaders.AUTHORIZATION);
    return header != null && header.regionMatches(true, 0, BEARER, 0, BEARER.length())
        ? header.substring(BEARER.length()).strip()
        : null;
  }

  /** Behind API keys: who comes without any credential is told of them, as a problem. */
  @Override
  public int getPriority() {
    return DEFAULT_PRIORITY - 1;
  }

  @Override
  public Uni<ChallengeData> getChallenge(RoutingContext request) {
    return Uni.createFrom().item(new ChallengeData(401, "WWW-Authenticate", "Bearer"));
  }

  @Override
  public Set<Class<? extends AuthenticationRequest>> getCredentialTypes() {
    return Set.of(AgentToken.class);
  }

  @Override
  public Uni<HttpCredentialTransport> getCredentialTransport(RoutingContext request) {
    return Uni.createFrom()
        .item(
            new HttpCredentialTransport(
                HttpCredentialTransport.Type.AUTHORIZATION, SCHEME, SCHEME));
  }
}
