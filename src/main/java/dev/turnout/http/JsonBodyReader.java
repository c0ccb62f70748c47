package dev.turnout.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.MessageBodyReader;
import jakarta.ws.rs.ext.Provider;
import java.io.IOException;
import java.io.InputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Reads the bodies of this API: strictly, and never more than {@link #LIMIT}. */
@Provider
@Consumes({MediaType.APPLICATION_JSON, PublicApi.MERGE_PATCH})
class JsonBodyReader implements MessageBodyReader<Object> {
  /** Largest body, in bytes. */
  static final int LIMIT = 10 * 1024 * 1024;

  /**
   * How much of a body that is too large is read on, so that a client that sends before it listens
   * still hears why it was refused; whoever sends more is cut off.
   */
  private static final long PATIENCE_BYTES = 16L * LIMIT;

  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

  @Override
  public boolean isReadable(
      Class<?> type, Type genericType, Annotation[] annotations, MediaType mediaType) {
    return true;
  }

  @Override
  public @Nullable Object readFrom(
      Class<Object> type,
      Type genericType,
      Annotation[] annotations,
      MediaType mediaType,
      MultivaluedMap<String, String> headers,
      InputStream body)
      throws IOException {
    var bytes = body.readNBytes(LIMIT + 1);
    if (bytes.length > LIMIT) {
      readOn(body);
      throw new ProblemException(tooLarge());
    }
    if (isBlank(bytes)) {
      // A required body is asked for by its parameter's constraint.
      return null;
    }
    try {
      return StrictJson.MAPPER.readValue(bytes, StrictJson.MAPPER.constructType(genericType));
    } catch (JsonProcessingException e) {
      throw new ProblemException(JsonFlaws.describe(e));
    }
  }

  /** Nothing but what JSON takes for white space. */
  private static boolean isBlank(byte[] bytes) {
    for (var character : bytes) {
      if (character != ' ' && character != '\t' && character != '\r' && character != '\n') {
        return false;
      }
    }
    return true;
  }

  static Problem tooLarge() {
    return Problem.of(ProblemType.BODY_TOO_LARGE, "The body is larger than " + LIMIT + " bytes.");
  }

  private static void readOn(InputStream body) throws IOException {
    long until = System.nanoTime() + PATIENCE_NANOS;
    var buffer = new byte[64 * 1024];
    long read = 0;
    while (read < PATIENCE_BYTES && System.nanoTime() - until < 0) {
      int n = body.read(buffer);
      if (n < 0) {
        return;
      }
      read += n;
    }
  }
}
