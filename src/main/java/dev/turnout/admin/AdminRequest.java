package dev.turnout.admin;

import dev.turnout.audit.AuditEntry;
import dev.turnout.http.TraceId;
import dev.turnout.identity.Caller;
import io.quarkus.security.identity.SecurityIdentity;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.UUID;

/** Who asks, and with which request: the beginning of each line of the audit trail. */
@ApplicationScoped
class AdminRequest {
  private final SecurityIdentity identity;
  private final RoutingContext request;

  /** Both stand for those of the request that is under way on the calling thread. */
  AdminRequest(SecurityIdentity identity, RoutingContext request) {
    this.identity = identity;
    this.request = request;
  }

  /** What this request is about to do. */
  AuditEntry entry(String action, String target) {
    var caller = Caller.of(identity);
    var who = new AuditEntry.Who(caller.key(), caller.label(), caller.tenant());
    var remote = Optional.ofNullable(request.request().remoteAddress()).map(a -> a.hostAddress());
    return AuditEntry.of(who, action, target).by(TraceId.of(request), remote);
  }

  AuditEntry entry(String action, UUID target) {
    return entry(action, target.toString());
  }
}
