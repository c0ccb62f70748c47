package dev.turnout.events;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.turnout.failure.FailureReason;
import dev.turnout.failure.StorableText;
import dev.turnout.turn.AuthProfileId;
import dev.turnout.turn.BackendId;
import dev.turnout.turn.PermissionOutcome;
import dev.turnout.turn.SteerRefusal;
import dev.turnout.turn.TurnId;
import java.io.IOException;
import java.util.Map;
import java.util.UUID;

/** Turns events into the JSON that is stored and streamed, and back. */
public final class TurnEventJson {
  /** INVARIANT: a kind never changes its name; old rows are read by it. */
  private static final Map<String, Class<? extends TurnEvent>> KINDS =
      Map.ofEntries(
          Map.entry("accepted", TurnEvent.Accepted.class),
          Map.entry("started", TurnEvent.Started.class),
          Map.entry("attempt_started", TurnEvent.AttemptStarted.class),
          Map.entry("attempt_failed", TurnEvent.AttemptFailed.class),
          Map.entry("attempt_skipped", TurnEvent.AttemptSkipped.class),
          Map.entry("attempt_retried", TurnEvent.AttemptRetried.class),
          Map.entry("live_process", TurnEvent.LiveProcess.class),
          Map.entry("restarted", TurnEvent.Restarted.class),
          Map.entry("output", TurnEvent.Output.class),
          Map.entry("tool_started", TurnEvent.ToolStarted.class),
          Map.entry("tool_ended", TurnEvent.ToolEnded.class),
          Map.entry("notice", TurnEvent.Notice.class),
          Map.entry("permission_asked", TurnEvent.PermissionAsked.class),
          Map.entry("permission_answered", TurnEvent.PermissionAnswered.class),
          Map.entry("steered", TurnEvent.Steered.class),
          Map.entry("not_steered", TurnEvent.NotSteered.class),
          Map.entry("merged", TurnEvent.Merged.class),
          Map.entry("given_back", TurnEvent.GivenBack.class),
          Map.entry("succeeded", TurnEvent.Succeeded.class),
          Map.entry("failed", TurnEvent.Failed.class),
          Map.entry("cancelled", TurnEvent.Cancelled.class),
          Map.entry("expired", TurnEvent.Expired.class),
          Map.entry("dropped", TurnEvent.Dropped.class));

  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .addModule(new Jdk8Module())
          .addModule(new JavaTimeModule())
          .addModule(names())
          .addModule(EventShapes.module())
          // What an event says of itself, such as isEffect(), is no part of it.
          .disable(MapperFeature.AUTO_DETECT_IS_GETTERS)
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          // A newer replica may have written a field that this one does not know.
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_ABSENT, JsonInclude.Include.NON_ABSENT))
          .build();

  private TurnEventJson() {}

  /** The public name of this event's kind, such as {@code tool_started}. */
  public static String kind(TurnEvent event) {
    return switch (event) {
      case TurnEvent.Accepted _ -> "accepted";
      case TurnEvent.Started _ -> "started";
      case TurnEvent.AttemptStarted _ -> "attempt_started";
      case TurnEvent.AttemptFailed _ -> "attempt_failed";
      case TurnEvent.AttemptSkipped _ -> "attempt_skipped";
      case TurnEvent.AttemptRetried _ -> "attempt_retried";
      case TurnEvent.LiveProcess _ -> "live_process";
      case TurnEvent.Restarted _ -> "restarted";
      case TurnEvent.Output _ -> "output";
      case TurnEvent.ToolStarted _ -> "tool_started";
      case TurnEvent.ToolEnded _ -> "tool_ended";
      case TurnEvent.Notice _ -> "notice";
      case TurnEvent.PermissionAsked _ -> "permission_asked";
      case TurnEvent.PermissionAnswered _ -> "permission_answered";
      case TurnEvent.Steered _ -> "steered";
      case TurnEvent.NotSteered _ -> "not_steered";
      case TurnEvent.Merged _ -> "merged";
      case TurnEvent.GivenBack _ -> "given_back";
      case TurnEvent.Succeeded _ -> "succeeded";
      case TurnEvent.Failed _ -> "failed";
      case TurnEvent.Cancelled _ -> "cancelled";
      case TurnEvent.Expired _ -> "expired";
      case TurnEvent.Dropped _ -> "dropped";
    };
  }

  /** The event's components as a JSON object, without characters that Postgres cannot store. */
  public static String write(TurnEvent event) {
    try {
      return StorableText.of(MAPPER.writeValueAsString(event));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an event that is not JSON: " + kind(event), e);
    }
  }

  /** The event of this kind. */
  public static TurnEvent read(String kind, String json) {
    var type = KINDS.get(kind);
    if (type == null) {
      throw new IllegalStateException("unknown kind of event: " + kind);
    }
    try {
      return MAPPER.readValue(json, type);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a stored " + kind + " event is not readable", e);
    }
  }

  private static SimpleModule names() {
    var module = new SimpleModule();
    for (var id : new Class<?>[] {TurnId.class, BackendId.class, AuthProfileId.class}) {
      module.addSerializer(id, ToStringSerializer.instance);
    }
    module.addDeserializer(TurnId.class, new Named<>(text -> new TurnId(UUID.fromString(text))));
    module.addDeserializer(BackendId.class, new Named<>(BackendId::new));
    module.addDeserializer(AuthProfileId.class, new Named<>(AuthProfileId::new));
    module.addSerializer(FailureReason.class, new Code<>(FailureReason::code));
    module.addDeserializer(FailureReason.class, new Named<>(FailureReason::ofCode));
    module.addSerializer(SteerRefusal.class, new Code<>(SteerRefusal::code));
    module.addDeserializer(SteerRefusal.class, new Named<>(SteerRefusal::ofCode));
    module.addSerializer(PermissionOutcome.class, new Code<>(PermissionOutcome::code));
    module.addDeserializer(PermissionOutcome.class, new Named<>(PermissionOutcome::ofCode));
    return module;
  }

  private static final class Code<T> extends com.fasterxml.jackson.databind.JsonSerializer<T> {
    private final java.util.function.Function<T, String> code;

    Code(java.util.function.Function<T, String> code) {
      this.code = code;
    }

    @Override
    public void serialize(
        T word,
        com.fasterxml.jackson.core.JsonGenerator json,
        com.fasterxml.jackson.databind.SerializerProvider serializers)
        throws IOException {
      json.writeString(code.apply(word));
    }
  }

  private static final class Named<T> extends com.fasterxml.jackson.databind.JsonDeserializer<T> {
    private final java.util.function.Function<String, T> of;

    Named(java.util.function.Function<String, T> of) {
      this.of = of;
    }

    @Override
    public T deserialize(
        com.fasterxml.jackson.core.JsonParser json,
        com.fasterxml.jackson.databind.DeserializationContext context)
        throws IOException {
      return of.apply(json.getText());
    }
  }
}
