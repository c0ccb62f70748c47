package dev.turnout.failure;

/**
 * A failure of the past, as it was judged then.
 *
 * @param id by which whoever recorded it finds it again
 * @param facts what had been seen
 * @param reason what it was taken for
 * @param rule which rule said so
 */
public record RecordedFailure(String id, SignalFacts facts, FailureReason reason, String rule) {}
