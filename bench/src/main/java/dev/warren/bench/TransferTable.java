package dev.warren.bench;

import java.util.List;
import java.util.Map;

/** How transfers are shown. */
final class TransferTable {
  private TransferTable() {}

  static String of(Map<Trial, List<Transfer.Result>> results) {
    var table =
        new MarkdownTable(
            "dialer → listener",
            "streams, direction",
            "MB/s (range)",
            "sender CPU s/GiB",
            "receiver CPU s/GiB",
            "sender peak MiB",
            "receiver peak MiB");
    results.forEach(
        (trial, taken) ->
            table.row(
                trial.carrier().name(),
                trial.transfer().toString(),
                Summary.of(taken, Transfer.Result::megabytesPerSecond).text("%.0f"),
                seconds(Summary.of(taken, Transfer.Result::senderCpuSecondsPerGib)),
                seconds(Summary.of(taken, Transfer.Result::receiverCpuSecondsPerGib)),
                mebibytes(Summary.of(taken, result -> result.sender().peakBytes())),
                mebibytes(Summary.of(taken, result -> result.receiver().peakBytes()))));
    return table.toString();
  }

  private static String seconds(Summary summary) {
    return "%.2f".formatted(summary.median());
  }

  private static String mebibytes(Summary bytes) {
    return "%.0f".formatted(bytes.highest() / (1 << 20));
  }
}
