package dev.warren.bench;

import java.util.Arrays;
import java.util.Collection;
import java.util.function.ToDoubleFunction;

/** What several measurements of one thing say together. */
record Summary(double median, double lowest, double highest) {

  static Summary of(double... values) {
    if (values.length == 0) {
      throw new IllegalArgumentException("there is nothing to summarize");
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    double median =
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    return new Summary(median, sorted[0], sorted[sorted.length - 1]);
  }

  static <T> Summary of(Collection<T> samples, ToDoubleFunction<T> value) {
    return of(samples.stream().mapToDouble(value).toArray());
  }

  /** The median and, in brackets, the range. */
  String text(String format) {
    return (format + " (" + format + "–" + format + ")").formatted(median, lowest, highest);
  }
}
