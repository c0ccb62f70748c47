package dev.turnout.testing;

/** The wire protocols that {@link FakeModelApi} speaks. */
public enum FakeDialect {
  /** Anthropic Messages. */
  ANTHROPIC,
  /** OpenAI Responses. */
  RESPONSES,
  /** OpenAI Chat Completions. */
  CHAT,
  /** Gemini generateContent. */
  GEMINI
}
