package dev.turnout.settings;

import java.time.Duration;

/**
 * Limits of the queue.
 *
 * @param sessionCap most turns of one session that may wait, delayed and running ones included
 * @param maxInputBytes longest input text, in bytes of UTF-8
 * @param maxRuns how often a turn may be started before a replica that keeps dying under it is
 *     taken as its fault
 * @param sessionBurst how many turns of one session may follow each other while others wait
 * @param drainGrace how long a stopping replica lets its runs end by themselves
 */
public record QueueSettings(
    int sessionCap, int maxInputBytes, int maxRuns, int sessionBurst, Duration drainGrace) {}
