package dev.warren.bench;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** How deliveries are shown: what each took, and how Warren stands beside the others. */
final class DeliveryTable {
  private final Map<Errand, List<Delivery>> results;

  private DeliveryTable(Map<Errand, List<Delivery>> results) {
    this.results = results;
  }

  static String of(Map<Errand, List<Delivery>> results) {
    var tables = new DeliveryTable(results);
    return results.size() == 1 ? tables.figures() : tables.figures() + "\n" + tables.ratios();
  }

  private String figures() {
    var table =
        new MarkdownTable(
            "",
            "files",
            "from nothing, s",
            "receive, s (range)",
            "of that moving, s",
            "MB/s",
            "files/s",
            "sender CPU s",
            "receiver CPU s",
            "sender peak MiB",
            "receiver peak MiB",
            "over loopback MiB");
    results.forEach(
        (errand, taken) ->
            table.row(
                errand.courier().name(),
                "%,d".formatted(taken.getFirst().files()),
                median(taken, Delivery::fromNothingSeconds, "%.2f"),
                Summary.of(taken, delivery -> delivery.arrival().seconds()).text("%.2f"),
                median(taken, delivery -> delivery.arrival().movingSeconds(), "%.2f"),
                median(taken, Delivery::megabytesPerSecond, "%,.0f"),
                median(taken, Delivery::filesPerSecond, "%,.0f"),
                median(taken, delivery -> delivery.sender().cpuSeconds(), "%.2f"),
                median(taken, delivery -> delivery.arrival().receiver().cpuSeconds(), "%.2f"),
                mebibytes(taken, delivery -> delivery.sender().peakBytes()),
                mebibytes(taken, delivery -> delivery.arrival().receiver().peakBytes()),
                mebibytes(taken, Delivery::loopbackBytes)));
    return table.toString();
  }

  private String ratios() {
    var table =
        new MarkdownTable("warren's speed ÷ that of", "from nothing", "receive", "of that moving");
    List<Delivery> ours =
        results.entrySet().stream()
            .filter(result -> result.getKey().courier() instanceof WarrenCourier)
            .findFirst()
            .orElseThrow()
            .getValue();
    results.forEach(
        (errand, theirs) -> {
          if (!(errand.courier() instanceof WarrenCourier)) {
            table.row(
                errand.courier().name(),
                ratio(ours, theirs, delivery -> perSecond(delivery, delivery.fromNothingSeconds())),
                ratio(ours, theirs, delivery -> perSecond(delivery, delivery.arrival().seconds())),
                ratio(
                    ours,
                    theirs,
                    delivery -> perSecond(delivery, delivery.arrival().movingSeconds())));
          }
        });
    return table.toString();
  }

  /** Of each file the same share counts, since not all are given as many. */
  private static double perSecond(Delivery delivery, double seconds) {
    return delivery.bytes() / seconds;
  }

  private static String ratio(
      List<Delivery> ours, List<Delivery> theirs, ToDoubleFunction<Delivery> speed) {
    return Summary.of(
            IntStream.range(0, ours.size())
                .mapToDouble(
                    round ->
                        speed.applyAsDouble(ours.get(round))
                            / speed.applyAsDouble(theirs.get(round)))
                .toArray())
        .text("%.2f");
  }

  private static String median(
      List<Delivery> taken, ToDoubleFunction<Delivery> figure, String format) {
    return String.format(Locale.ROOT, format, Summary.of(taken, figure).median());
  }

  private static String mebibytes(List<Delivery> taken, ToDoubleFunction<Delivery> bytes) {
    return "%.0f".formatted(Summary.of(taken, bytes).highest() / (1 << 20));
  }
}
