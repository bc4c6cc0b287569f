package dev.warren.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures several subjects in turns, so that a disturbance of the machine meets all of them alike.
 *
 * <p>One round before the counted ones warms every subject up and is discarded for all. Each round
 * begins with another subject, so that none always follows the same one.
 */
final class Rounds {

  /** Measures a subject once. */
  @FunctionalInterface
  interface Measure<S, R> {
    R once(S subject) throws IOException;
  }

  private Rounds() {}

  /** Measures each subject that many times. */
  static <S, R> Map<S, List<R>> run(int rounds, List<S> subjects, Measure<S, R> measure)
      throws IOException {
    warnWhenBusy();
    var results = new LinkedHashMap<S, List<R>>();
    subjects.forEach(subject -> results.put(subject, new ArrayList<>()));
    for (int round = 0; round <= rounds; round++) {
      for (int i = 0; i < subjects.size(); i++) {
        S subject = subjects.get((i + round) % subjects.size());
        R result = measure.once(subject);
        System.err.printf(
            "%-10s %s: %s%n", round == 0 ? "warm-up" : "round " + round, subject, result);
        if (round > 0) {
          results.get(subject).add(result);
        }
      }
    }
    return results;
  }

  private static void warnWhenBusy() {
    double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    if (load > Runtime.getRuntime().availableProcessors()) {
      System.err.printf(
          "The machine is busy (load %.1f): the figures will be low and spread.%n", load);
    }
  }
}
