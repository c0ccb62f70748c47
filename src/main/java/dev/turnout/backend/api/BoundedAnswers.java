package dev.turnout.backend.api;

import java.io.IOException;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;
import okio.BufferedSource;
import okio.ForwardingSource;
import okio.Okio;
import org.jspecify.annotations.Nullable;

/**
 * Bounds what the SDKs take into memory as a whole: a line of a stream, and an error's body.
 * Counted behind the decompression, so that a few compressed bytes cannot become many.
 */
final class BoundedAnswers implements Interceptor {
  /** Larger than what any API says in one event. */
  static final long LONGEST_LINE = 16L << 20;

  /** Larger than what any API says of an error; of less than that an excerpt is kept. */
  static final long LARGEST_ERROR = 1L << 20;

  @Override
  public Response intercept(Chain chain) throws IOException {
    var answer = chain.proceed(chain.request());
    var body = answer.body();
    return body == null
        ? answer
        : answer.newBuilder().body(new Bounded(body, answer.isSuccessful())).build();
  }

  private static final class Bounded extends ResponseBody {
    private final ResponseBody whole;
    private final BufferedSource source;

    Bounded(ResponseBody whole, boolean lines) {
      this.whole = whole;
      this.source = Okio.buffer(new Counted(whole.source(), lines));
    }

    @Override
    public @Nullable MediaType contentType() {
      return whole.contentType();
    }

    @Override
    public long contentLength() {
      return whole.contentLength();
    }

    @Override
    public BufferedSource source() {
      return source;
    }
  }

  private static final class Counted extends ForwardingSource {
    private final boolean lines;
    private long sinceLine;

    Counted(BufferedSource source, boolean lines) {
      super(source);
      this.lines = lines;
    }

    @Override
    public long read(Buffer sink, long byteCount) throws IOException {
      long before = sink.size();
      long n = super.read(sink, byteCount);
      if (n <= 0) {
        return n;
      }
      sinceLine += n;
      if (lines) {
        for (long at = sink.size() - 1; at >= before; at--) {
          if (sink.getByte(at) == '\n') {
            sinceLine = sink.size() - 1 - at;
            break;
          }
        }
      }
      long limit = lines ? LONGEST_LINE : LARGEST_ERROR;
      if (sinceLine > limit) {
        throw new IOException("the API said more than " + limit + " bytes at once");
      }
      return n;
    }
  }
}
