package dev.turnout.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.turnout.identity.ApiKey;
import dev.turnout.identity.ApiKeys;
import dev.turnout.identity.KeyRate;
import dev.turnout.identity.KeyRotation;
import dev.turnout.identity.Scope;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** An API key as operators see it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "ApiKey")
record KeyBody(
    UUID id,
    String tenant,
    String name,
    @Schema(description = "Its first characters; empty for a key that was given from outside.")
        String prefix,
    List<KeyScope> scopes,
    Instant createdAt,
    @Schema(description = "To the minute.") @Nullable Instant lastUsedAt,
    @Nullable Instant expiresAt,
    @Nullable Instant revokedAt,
    @Schema(description = "When its text was last replaced.") @Nullable Instant rotatedAt,
    @Schema(description = "Its own; absent while it is that of the configuration.")
        @Nullable Rate rate,
    @Schema(description = "Until when the text before opens, only in the answer that replaces it.")
        @Nullable Instant formerKeyUntil,
    @Schema(description = "The key itself, only in the answer that makes or rotates it.")
        @Nullable String key) {

  /** The wire form of {@link Scope}. */
  @Schema(name = "Scope")
  enum KeyScope {
    @JsonProperty("turns")
    TURNS,
    @JsonProperty("read")
    READ,
    @JsonProperty("admin")
    ADMIN;

    Scope scope() {
      return switch (this) {
        case TURNS -> Scope.TURNS;
        case READ -> Scope.READ;
        case ADMIN -> Scope.ADMIN;
      };
    }

    static KeyScope of(Scope scope) {
      return switch (scope) {
        case TURNS -> TURNS;
        case READ -> READ;
        case ADMIN -> ADMIN;
      };
    }
  }

  /** How often a key may ask one replica. */
  @Schema(name = "KeyRate", examples = "{\"perSecond\":50,\"burst\":100}")
  record Rate(
      @Schema(description = "For as long as it likes; 0 for what the configuration says.")
          @NotNull(message = "must be there")
          @Min(value = 0, message = "must be 0 or more")
          @Max(value = MOST, message = "must be at most 1000000")
          Integer perSecond,
      @Schema(description = "At once after a pause; as many as `perSecond` when absent.")
          @Min(value = 1, message = "must be 1 or more")
          @Max(value = MOST, message = "must be at most 1000000")
          @Nullable Integer burst) {
    private static final int MOST = 1_000_000;

    Optional<KeyRate> rate() {
      return perSecond == 0
          ? Optional.empty()
          : Optional.of(new KeyRate(perSecond, Objects.requireNonNullElse(burst, perSecond)));
    }

    static Rate of(KeyRate rate) {
      return new Rate(rate.perSecond(), rate.burst());
    }
  }

  /** What to change in a key. */
  @Schema(name = "ChangeApiKey", examples = "{\"rate\":{\"perSecond\":50}}")
  record Change(@Valid @Nullable Rate rate) {}

  /** How a key gets a new text. */
  @Schema(name = "RotateApiKey", examples = "{\"overlapSeconds\":3600}")
  record Rotate(
      @Schema(description = "How long the text before still opens, 30 days at most; 0 when absent.")
          @Min(value = 0, message = "must be 0 or more")
          @Max(value = LONGEST_OVERLAP, message = "must be at most 2592000")
          @Nullable Integer overlapSeconds) {
    private static final int LONGEST_OVERLAP = 2_592_000;

    Duration overlap() {
      return Duration.ofSeconds(Objects.requireNonNullElse(overlapSeconds, 0));
    }
  }

  /** The body that asks for a key. */
  @Schema(name = "MakeApiKey", examples = "{\"name\":\"ci\",\"scopes\":[\"turns\"]}")
  record Make(
      @NotNull(message = "must be there")
          @Pattern(regexp = "\\S(.{0,98}\\S)?", message = "must have 1 to 100 characters")
          String name,
      @NotEmpty(message = "must name at least one scope")
          Set<@NotNull(message = "must not be null") KeyScope> scopes,
      @Schema(description = "Whose turns it opens; `default` when absent.")
          @Size(max = 64, message = "must have at most 64 characters")
          @Pattern(
              regexp = "[a-z0-9][a-z0-9._-]*",
              message = "must have small letters, digits, dots, hyphens and underscores only")
          @Nullable String tenant,
      @Nullable Instant expiresAt,
      @Schema(description = "In place of what the configuration says for all; not for admins.")
          @Valid
          @Nullable Rate rate) {}

  /** Keys, newest first. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @Schema(name = "ApiKeyPage")
  record Page(
      List<KeyBody> items,
      @Schema(description = "Send it as `cursor` for the next page; absent on the last one.")
          @Nullable String next) {}

  static KeyBody of(ApiKey key) {
    return of(key, null, null);
  }

  static KeyBody of(ApiKeys.Made made) {
    return of(made.key(), made.secret(), null);
  }

  static KeyBody of(KeyRotation.Rotated rotated) {
    var made = rotated.made();
    return of(made.key(), made.secret(), rotated.formerUntil());
  }

  private static KeyBody of(ApiKey key, @Nullable String secret, @Nullable Instant formerUntil) {
    return new KeyBody(
        key.id(),
        key.tenant().value(),
        key.name(),
        key.prefix(),
        key.scopes().stream().sorted().map(KeyScope::of).toList(),
        key.createdAt(),
        key.lastUsedAt().orElse(null),
        key.expiresAt().orElse(null),
        key.revokedAt().orElse(null),
        key.rotatedAt().orElse(null),
        key.rate().map(Rate::of).orElse(null),
        formerUntil,
        secret);
  }

  /** Never the key: records end up in logs. */
  @Override
  public String toString() {
    return "KeyBody[" + id + "]";
  }
}
