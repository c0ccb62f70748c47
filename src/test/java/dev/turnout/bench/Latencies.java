package dev.turnout.bench;

import java.util.Arrays;
import java.util.List;

/** Durations of one worker, in nanoseconds, kept whole: percentiles of all workers are exact. */
final class Latencies {
  private long[] values = new long[1 << 12];
  private int size;

  void add(long nanos) {
    if (size == values.length) {
      values = Arrays.copyOf(values, size * 2);
    }
    values[size++] = nanos;
  }

  int size() {
    return size;
  }

  static Latencies merge(List<Latencies> parts) {
    var all = new Latencies();
    all.values = new long[parts.stream().mapToInt(part -> part.size).sum()];
    for (var part : parts) {
      System.arraycopy(part.values, 0, all.values, all.size, part.size);
      all.size += part.size;
    }
    return all;
  }

  /**
   * The duration that this share of all stays below.
   *
   * @param share from 0 to 1
   * @return milliseconds
   */
  double millis(double share) {
    if (size == 0) {
      throw new IllegalStateException("nothing was measured");
    }
    var sorted = Arrays.copyOf(values, size);
    Arrays.sort(sorted);
    return sorted[(int) Math.min(size - 1L, (long) (share * size))] / 1e6;
  }
}
