package dev.turnout.backend.api;

import dev.turnout.settings.EgressSettings;
import java.time.Duration;
import java.util.function.Supplier;
import okhttp3.OkHttpClient;

/** The one way out to model APIs: which addresses are asked, and how much is taken from them. */
final class ModelHttp {
  private ModelHttp() {}

  static OkHttpClient client(Supplier<EgressSettings> egress, Duration connect) {
    return new OkHttpClient.Builder()
        .socketFactory(new GuardedSockets(egress))
        .addInterceptor(new BoundedAnswers())
        // A redirect would carry the key to whoever it names.
        .followRedirects(false)
        .followSslRedirects(false)
        .connectTimeout(connect)
        // The attempt has limits of its own, which hold wherever it blocks.
        .readTimeout(Duration.ZERO)
        .writeTimeout(Duration.ZERO)
        .callTimeout(Duration.ZERO)
        .build();
  }
}
