package dev.turnout.usermessage;

import dev.turnout.failure.FailureReason;
import java.time.Instant;
import java.util.Optional;

/**
 * A candidate that did not answer.
 *
 * @param reason why; of a skipped one the reason of the cooldown that it was skipped for
 * @param skipped whether it rested and was not asked
 * @param until when it can be asked again, where that is known: the end of its cooldown, or what
 *     the provider named
 */
public record FailedWay(
    FailureReason reason, boolean skipped, Optional<Instant> until, Account account) {}
