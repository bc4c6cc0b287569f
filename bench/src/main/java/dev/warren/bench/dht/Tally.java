package dev.warren.bench.dht;

import dev.warren.bench.dht.Operations.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** What became of many operations. */
final class Tally {
  private final List<Outcome> outcomes = new ArrayList<>();

  void add(Outcome outcome) {
    outcomes.add(outcome);
  }

  int count() {
    return outcomes.size();
  }

  /** The share that succeeded. */
  double success() {
    return outcomes.stream().filter(outcome -> outcome.holders() > 0).count()
        / (double) outcomes.size();
  }

  double mean(ToDoubleFunction<Outcome> figure) {
    return outcomes.stream().mapToDouble(figure).average().orElse(0);
  }

  /** The milliseconds that this share of them did not exceed. */
  double millis(double share) {
    double[] sorted = outcomes.stream().mapToDouble(Outcome::millis).sorted().toArray();
    return sorted[(int) Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  }
}
