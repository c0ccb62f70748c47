package dev.turnout.http;

import dev.turnout.identity.ApiKeyCredential;
import dev.turnout.identity.ApiKeys;
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
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code Authorization: Bearer}, and asks for it where it is missing: an API key, or the
 * token of an issuer where the operator named one. It guards every path, resources or not, in front
 * of all of them.
 */
@ApplicationScoped
class ApiKeyMechanism implements HttpAuthenticationMechanism {
  private static final String SCHEME = "Bearer ";

  /** Longest text that can be a key, in characters. */
  private static final int LONGEST = 512;

  private final ApiKeys keys;
  private final WrongKeys wrongKeys;
  private final TokenSignIn tokens;

  ApiKeyMechanism(ApiKeys keys, WrongKeys wrongKeys, TokenSignIn tokens) {
    this.keys = keys;
    this.wrongKeys = wrongKeys;
    this.tokens = tokens;
  }

  @Override
  public Uni<SecurityIdentity> authenticate(
      RoutingContext request, IdentityProviderManager identities) {
    var key = key(request);
    if (key == null) {
      return Uni.createFrom().nullItem();
    }
    if (tokens.isFor(key)) {
      // Neither counted nor held as guesses at keys are: nobody guesses a signature.
      return tokens.signIn(request, identities, this);
    }
    var address = WrongKeys.address(request);
    int wait = keys.isFamiliar(key) ? 0 : wrongKeys.waitSeconds(address);
    if (wait > 0) {
      WrongKeys.refuse(request, wait);
      return Uni.createFrom().failure(new AuthenticationFailedException("too many wrong keys"));
    }
    if (key.isEmpty() || key.length() > LONGEST) {
      wrongKeys.note(address);
      return Uni.createFrom()
          .failure(new AuthenticationFailedException("The API key is not known."));
    }
    var credential = new ApiKeyCredential(key);
    HttpSecurityUtils.setRoutingContextAttribute(credential, request);
    return identities
        .authenticate(credential)
        .onFailure(AuthenticationFailedException.class)
        .invoke(() -> wrongKeys.note(address));
  }

  private static @Nullable String key(RoutingContext request) {
    var header = request.request().getHeader(HttpHeaders.AUTHORIZATION);
    return header != null && header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        ? header.substring(SCHEME.length()).strip()
        : null;
  }

  @Override
  public Uni<Boolean> sendChallenge(RoutingContext request) {
    challenge(request);
    return Uni.createFrom().item(true);
  }

  /** Answers 401 with what RFC 6750 wants beside it. */
  static void challenge(RoutingContext request) {
    Throwable failure = request.failure();
    int wait = WrongKeys.refused(request);
    if (wait > 0) {
      request.response().putHeader(ProblemJson.RETRY_AFTER, String.valueOf(wait));
      ProblemJson.send(
          Problem.of(
              ProblemType.TOO_MANY_WRONG_KEYS, "Another key may be tried in " + wait + " s."),
          request);
      return;
    }
    var refused = SignInRefused.of(request);
    if (refused.isPresent()) {
      SignInRefused.challenge(request, refused.get());
      ProblemJson.send(refused.get(), request);
      return;
    }
    if (failure == null && key(request) == null) {
      request.response().putHeader(ProblemJson.CHALLENGE, "Bearer");
      ProblemJson.send(
          Problem.ofHeader(
              ProblemType.MISSING_KEY,
              "Authorization",
              "must be there: Bearer and an API key or a token"),
          request);
      return;
    }
    request.response().putHeader(ProblemJson.CHALLENGE, "Bearer error=\"invalid_token\"");
    var why =
        failure == null || failure.getMessage() == null
            ? "The API key does not open."
            : failure.getMessage();
    ProblemJson.send(Problem.of(ProblemType.INVALID_KEY, why), request);
  }

  /** From here on a refusal of this request is answered by us, whoever was asked in between. */
  void answersFor(RoutingContext request) {
    request.put(HttpAuthenticationMechanism.class.getName(), this);
  }

  /** Before the framework's own mechanisms, which would take an API key for a broken token. */
  @Override
  public int getPriority() {
    return DEFAULT_PRIORITY + 1;
  }

  @Override
  public Uni<ChallengeData> getChallenge(RoutingContext request) {
    return Uni.createFrom().item(new ChallengeData(401, ProblemJson.CHALLENGE, "Bearer"));
  }

  @Override
  public Set<Class<? extends AuthenticationRequest>> getCredentialTypes() {
    return Set.of(ApiKeyCredential.class);
  }

  @Override
  public Uni<HttpCredentialTransport> getCredentialTransport(RoutingContext request) {
    return Uni.createFrom()
        .item(new HttpCredentialTransport(HttpCredentialTransport.Type.AUTHORIZATION, "bearer"));
  }
}
