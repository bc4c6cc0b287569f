package dev.warren.bench;

import dev.warren.interop.Implementation;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleBinaryOperator;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * How Warren stands beside the better of the others and the yardstick, each pair being of equals.
 *
 * <p>What is shown is the median of what the ratio was in each round, since a shared machine is not
 * as fast in one round as in the next.
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
    results.keySet().forEach(trial -> transfers.add(trial.transfer()));
    for (Transfer transfer : transfers) {
      table.row(
          transfer.toString(),
          ratio(transfer, Transfer.Result::megabytesPerSecond, TransferRatios::isOther, Math::max),
          ratio(transfer, Transfer.Result::cpuSecondsPerGib, TransferRatios::isOther, Math::min),
          ratio(transfer, Transfer.Result::megabytesPerSecond, TransferRatios::isBare, Math::max));
    }
    return table.toString();
  }

  private String ratio(
      Transfer transfer,
      ToDoubleFunction<Transfer.Result> value,
      Predicate<Trial> beside,
      DoubleBinaryOperator better) {
    List<Transfer.Result> ours = results(transfer, TransferRatios::isOurs).getFirst();
    List<List<Transfer.Result>> others = results(transfer, beside);
    if (others.isEmpty()) {
      return "–";
    }
    double[] ratios =
        IntStream.range(0, ours.size())
            .mapToDouble(
                round ->
                    value.applyAsDouble(ours.get(round))
                        / others.stream()
                            .mapToDouble(other -> value.applyAsDouble(other.get(round)))
                            .reduce(better)
                            .orElseThrow())
            .toArray();
    return Summary.of(ratios).text("%.2f");
  }

  private List<List<Transfer.Result>> results(Transfer transfer, Predicate<Trial> which) {
    return results.entrySet().stream()
        .filter(entry -> entry.getKey().transfer().equals(transfer) && which.test(entry.getKey()))
        .map(Map.Entry::getValue)
        .toList();
  }

  private static boolean isBare(Trial trial) {
    return trial.carrier() instanceof BarePair;
  }

  private static boolean isOurs(Trial trial) {
    return ofEquals(trial).filter(Implementation.WARREN::equals).isPresent();
  }

  private static boolean isOther(Trial trial) {
    return ofEquals(trial).filter(of -> of != Implementation.WARREN).isPresent();
  }

  /** The implementation on both ends, where it is the same one. */
  private static Optional<Implementation> ofEquals(Trial trial) {
    return trial.carrier() instanceof PeerPair pair
            && pair.dialer().implementation() == pair.listener().implementation()
        ? Optional.of(pair.dialer().implementation())
        : Optional.empty();
  }
}
