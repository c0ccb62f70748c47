package dev.turnout.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.turnout.identity.ApiKey;
import dev.turnout.identity.ApiKeys;
import dev.turnout.identity.Scope;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
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
    @Schema(description = "The key itself, only in the answer that makes it.")
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
      @Nullable Instant expiresAt) {}

  /** Keys, newest first. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @Schema(name = "ApiKeyPage")
  record Page(
      List<KeyBody> items,
      @Schema(description = "Send it as `cursor` for the next page; absent on the last one.")
          @Nullable String next) {}

  static KeyBody of(ApiKey key) {
    return of(key, null);
  }

  static KeyBody of(ApiKeys.Made made) {
    return of(made.key(), made.secret());
  }

  private static KeyBody of(ApiKey key, @Nullable String secret) {
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
        secret);
  }

  /** Never the key: records end up in logs. */
  @Override
  public String toString() {
    return "KeyBody[" + id + "]";
  }
}
