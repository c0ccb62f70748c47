package dev.turnout.queue;

import jakarta.inject.Qualifier;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The connections of the queue. They are the few that the pumps hold, and their plans are pinned:
 * generic ones with index lookups only, because a plan made while the tables were empty, or by
 * stale statistics, reads the whole table.
 */
@Qualifier
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.PARAMETER, ElementType.METHOD, ElementType.FIELD, ElementType.TYPE})
public @interface QueueDatabase {
  /** What each connection is opened with. */
  String OPTIONS =
      "-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c enable_hashjoin=off"
          + " -c enable_mergejoin=off -c enable_bitmapscan=off -c jit=off";
}
