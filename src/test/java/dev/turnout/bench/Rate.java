package dev.turnout.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.OptionalDouble;

/**
 * How fast something went and what one of it cost.
 *
 * @param microsEach processor time of one, of whoever did it and of the database
 * @param databaseMicrosEach the database's part of it, where it is told apart
 */
record Rate(double perSecond, double microsEach, OptionalDouble databaseMicrosEach) {
  /** What a peer's script said. */
  static Rate of(JsonNode said) {
    return new Rate(
        said.get("perSecond").asDouble(),
        said.get("microsEach").asDouble(),
        OptionalDouble.empty());
  }

  /** The name of the figure that holds the processor time. */
  static String processor(String name) {
    return name + ", processor";
  }

  void add(Figures figures, String name, String unit) {
    figures.add(name, unit, perSecond);
    figures.add(processor(name), "µs each", microsEach);
    databaseMicrosEach.ifPresent(
        micros -> figures.add(processor(name) + " of the database", "µs each", micros));
  }

  /** Looks at the clock and at the account of this process and the database. */
  static Watch watch(BenchDatabase database) {
    return new Watch(database, System.nanoTime(), Processor.micros(), database.micros());
  }

  /** What it showed at the start. */
  record Watch(BenchDatabase database, long nanos, double micros, double databaseMicros) {
    Rate stop(int count) {
      double seconds = (System.nanoTime() - nanos) / 1e9;
      double own = Processor.micros() - micros;
      double databases = database.micros() - databaseMicros;
      return new Rate(
          count / seconds, (own + databases) / count, OptionalDouble.of(databases / count));
    }
  }
}
