package dev.turnout.settings;

import java.time.Duration;

/**
 * How far a turn goes to find somebody who answers.
 *
 * @param maxAttempts most calls of candidates, retries included; skipped ones do not count
 * @param retryBudget how long it may pause, altogether, to ask a candidate a second time
 */
public record FallbackSettings(int maxAttempts, Duration retryBudget) {}
