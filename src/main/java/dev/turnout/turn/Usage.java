package dev.turnout.turn;

import java.util.OptionalLong;

/** Tokens that a backend says it used; absent where it does not say. */
public record Usage(
    OptionalLong inputTokens, OptionalLong outputTokens, OptionalLong cachedInputTokens) {
  public static final Usage UNKNOWN =
      new Usage(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty());
}
