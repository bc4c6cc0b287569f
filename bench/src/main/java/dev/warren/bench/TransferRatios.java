package dev.warren.bench;

import dev.warren.interop.Implementation;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/**
 * How Warren stands beside the better of the others and the yardstick, each pair being of equals.
 */
final class TransferRatios {
  private final Map<Trial, List<Transfer.Result>> results;

  private TransferRatios(Map<Trial, List<Transfer.Result>> results) {
    this.results = results;
  }

  static String of(Map<Trial, List<Transfer.Result>> results) {
    return new TransferRatios(results).table();
  }

  private String table() {
    var table =
        new MarkdownTable(
            "warren → warren",
            "MB/s ÷ the better's (target ≥ 1)",
            "CPU per GiB ÷ the better's (target ≤ 1.3)",
            "MB/s ÷ bare records' (target ≥ 0.7)");
    var transfers = new LinkedHashSet<Transfer>();
    results.keySet().stream()
        .filter(trial -> ofEquals(trial).isPresent())
        .forEach(trial -> transfers.add(trial.transfer()));
    for (Transfer transfer : transfers) {
      double speed = ours(transfer, Transfer.Result::megabytesPerSecond);
      double cpu = ours(transfer, Transfer.Result::cpuSecondsPerGib);
      OptionalDouble fastest =
          others(transfer, Transfer.Result::megabytesPerSecond).stream().mapToDouble(d -> d).max();
      OptionalDouble thriftiest =
          others(transfer, Transfer.Result::cpuSecondsPerGib).stream().mapToDouble(d -> d).min();
      table.row(
          transfer.toString(), ratio(speed, fastest), ratio(cpu, thriftiest), ratio(speed, bare()));
    }
    return table.toString();
  }

  private double ours(Transfer transfer, ToDoubleFunction<Transfer.Result> value) {
    return results.entrySet().stream()
        .filter(entry -> entry.getKey().transfer().equals(transfer))
        .filter(entry -> ofEquals(entry.getKey()).filter(Implementation.WARREN::equals).isPresent())
        .mapToDouble(entry -> Summary.of(entry.getValue(), value).median())
        .findFirst()
        .orElseThrow();
  }

  private List<Double> others(Transfer transfer, ToDoubleFunction<Transfer.Result> value) {
    return results.entrySet().stream()
        .filter(entry -> entry.getKey().transfer().equals(transfer))
        .filter(
            entry -> ofEquals(entry.getKey()).filter(of -> of != Implementation.WARREN).isPresent())
        .map(entry -> Summary.of(entry.getValue(), value).median())
        .toList();
  }

  private OptionalDouble bare() {
    return results.entrySet().stream()
        .filter(entry -> entry.getKey().carrier() instanceof BarePair)
        .mapToDouble(
            entry -> Summary.of(entry.getValue(), Transfer.Result::megabytesPerSecond).median())
        .findFirst();
  }

  /** The implementation on both ends, where it is the same one. */
  private static Optional<Implementation> ofEquals(Trial trial) {
    return trial.carrier() instanceof PeerPair pair
            && pair.dialer().implementation() == pair.listener().implementation()
        ? Optional.of(pair.dialer().implementation())
        : Optional.empty();
  }

  private static String ratio(double value, OptionalDouble reference) {
    return reference.isPresent() ? "%.2f".formatted(value / reference.getAsDouble()) : "–";
  }
}
