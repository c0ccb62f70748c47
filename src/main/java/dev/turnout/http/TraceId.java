package dev.turnout.http;

import io.vertx.ext.web.RoutingContext;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/** Names a request in answers and logs: the caller's W3C trace when it sent one, else our own. */
public final class TraceId {
  private static final String KEY = TraceId.class.getName();
  private static final String NONE = "0".repeat(32);
  private static final Pattern TRACEPARENT =
      Pattern.compile("[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}.*");

  private TraceId() {}

  /** The same for as long as the request lasts: 32 hexadecimal digits. */
  public static String of(RoutingContext request) {
    String known = request.get(KEY);
    if (known != null) {
      return known;
    }
    var id = fromHeader(request.request().getHeader("traceparent"));
    request.put(KEY, id);
    return id;
  }

  private static String fromHeader(@org.jspecify.annotations.Nullable String traceparent) {
    if (traceparent != null) {
      var match = TRACEPARENT.matcher(traceparent);
      if (match.matches() && !match.group(1).equals(NONE)) {
        return match.group(1);
      }
    }
    var random = ThreadLocalRandom.current();
    return HexFormat.of().toHexDigits(random.nextLong())
        + HexFormat.of().toHexDigits(random.nextLong());
  }
}
