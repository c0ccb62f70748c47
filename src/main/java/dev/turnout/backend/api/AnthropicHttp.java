package dev.turnout.backend.api;

import com.anthropic.core.RequestOptions;
import com.anthropic.core.http.Headers;
import com.anthropic.core.http.HttpClient;
import com.anthropic.core.http.HttpRequest;
import com.anthropic.core.http.HttpRequestBody;
import com.anthropic.core.http.HttpResponse;
import com.anthropic.errors.AnthropicIoException;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;

/**
 * Carries requests of Anthropic's SDK over a client of ours: its own follows redirects with the key
 * and can be told neither that it must not nor which sockets to use.
 */
final class AnthropicHttp implements HttpClient {
  private final OkHttpClient client;

  AnthropicHttp(OkHttpClient client) {
    this.client = client;
  }

  @Override
  public HttpResponse execute(HttpRequest request, RequestOptions options) {
    try {
      return new Answer(client.newCall(translated(request)).execute());
    } catch (IOException e) {
      throw new AnthropicIoException("Request failed", e);
    }
  }

  @Override
  public CompletableFuture<HttpResponse> executeAsync(HttpRequest request, RequestOptions options) {
    throw new UnsupportedOperationException("attempts have threads of their own");
  }

  private Request translated(HttpRequest request) {
    var translated = new Request.Builder().url(request.url());
    for (var name : request.headers().names()) {
      request.headers().values(name).forEach(value -> translated.addHeader(name, value));
    }
    @Nullable RequestBody body = request.body().map(Body::new).orElse(null);
    return translated.method(request.method().name(), body).build();
  }

  @Override
  public void close() {
    client.connectionPool().evictAll();
  }

  private static final class Body extends RequestBody {
    private final HttpRequestBody body;

    Body(HttpRequestBody body) {
      this.body = body;
    }

    @Override
    public @Nullable MediaType contentType() {
      var type = body.contentType();
      return type == null ? null : MediaType.parse(type);
    }

    @Override
    public long contentLength() {
      return body.contentLength();
    }

    @Override
    public boolean isOneShot() {
      return !body.repeatable();
    }

    @Override
    public void writeTo(BufferedSink sink) {
      body.writeTo(sink.outputStream());
    }
  }

  private record Answer(Response response) implements HttpResponse {
    @Override
    public int statusCode() {
      return response.code();
    }

    @Override
    public Headers headers() {
      var headers = Headers.builder();
      response.headers().forEach(each -> headers.put(each.getFirst(), each.getSecond()));
      return headers.build();
    }

    @Override
    public InputStream body() {
      @Nullable ResponseBody body = response.body();
      return body == null ? InputStream.nullInputStream() : body.byteStream();
    }

    @Override
    public void close() {
      response.close();
    }
  }
}
