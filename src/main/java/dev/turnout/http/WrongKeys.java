package dev.turnout.http;

import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.function.LongSupplier;

/**
 * Slows down whoever tries keys: after {@link #BURST} that did not open, an address may try one
 * more every {@link #SECONDS_EACH} seconds. Loopback is no exception: behind a proxy everybody
 * comes from there, so keys that opened here before are let through all the same.
 */
@Singleton
class WrongKeys {
  /** Enough for a whole team with an old key in its scripts. */
  static final int BURST = 20;

  /** Six hundred guesses an hour, at keys of 16 characters at least. */
  static final int SECONDS_EACH = 6;

  private static final double PER_SECOND = 1.0 / SECONDS_EACH;
  private static final String REFUSED = WrongKeys.class.getName();

  private final TokenBuckets<String> buckets;

  @Inject
  WrongKeys() {
    this(System::nanoTime);
  }

  WrongKeys(LongSupplier nanoTime) {
    buckets = new TokenBuckets<>(nanoTime);
  }

  /** A key that came from this address did not open. */
  void note(String address) {
    buckets.take(address, PER_SECOND, BURST);
  }

  /**
   * How many seconds this address has to wait before it may try a key that is new here; 0: none.
   */
  int waitSeconds(String address) {
    return buckets.look(address, PER_SECOND, BURST).waitSeconds();
  }

  /** Remembers that this request is refused for this long, whatever its key. */
  static void refuse(RoutingContext request, int seconds) {
    request.put(REFUSED, seconds);
  }

  /** For how many seconds this request is refused; 0 when it is not. */
  static int refused(RoutingContext request) {
    Integer seconds = request.get(REFUSED);
    return seconds == null ? 0 : seconds;
  }

  /** Where a request comes from, as far as we can tell. */
  static String address(RoutingContext request) {
    var remote = request.request().remoteAddress();
    return remote == null || remote.hostAddress() == null ? "unknown" : remote.hostAddress();
  }
}
