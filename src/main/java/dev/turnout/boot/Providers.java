package dev.turnout.boot;

import dev.turnout.queue.QueueDatabase;
import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import java.time.Clock;

/** What the rooms take from outside: the time, and the connections of the queue. */
@ApplicationScoped
class Providers {
  @Produces
  @ApplicationScoped
  Clock clock() {
    return new MicrosecondClock();
  }

  @Produces
  @QueueDatabase
  @ApplicationScoped
  javax.sql.DataSource queueDatabase(@DataSource("queue") AgroalDataSource queue) {
    return queue;
  }
}
