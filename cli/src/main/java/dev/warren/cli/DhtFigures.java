package dev.warren.cli;

import dev.warren.libp2p.dht.DhtStats;
import java.util.Locale;

/** How a node does in a network, for people and programs. */
final class DhtFigures {
  private DhtFigures() {}

  /** One line, the most important first. */
  static String line(DhtStats stats) {
    return "%d peers · %d records and %d values kept · %d requests answered"
        .formatted(stats.peers(), stats.providerRecords(), stats.values(), stats.answered());
  }

  /** All of it. */
  static String text(DhtStats stats) {
    String size =
        stats.networkSize().isPresent()
            ? "about " + stats.networkSize().getAsLong()
            : "not known yet";
    return String.join(
        "\n",
        "protocol                " + stats.protocol(),
        "taking part as          " + mode(stats),
        "peers in the table      " + stats.peers(),
        "peers in the network    " + size,
        "records kept            " + stats.providerRecords(),
        "values kept             " + stats.values(),
        "keys provided           " + stats.providing(),
        "requests answered       " + stats.answered(),
        "requests refused        " + stats.refused(),
        "own questions answered  %d of %d".formatted(stats.answers(), stats.questions()));
  }

  static JsonObject object(DhtStats stats) {
    JsonObject object =
        JsonObject.event("stats")
            .with("protocol", stats.protocol())
            .with("mode", mode(stats))
            .with("peers", stats.peers());
    stats.networkSize().ifPresent(size -> object.with("network_size", size));
    return object
        .with("provider_records", stats.providerRecords())
        .with("values", stats.values())
        .with("providing", stats.providing())
        .with("answered", stats.answered())
        .with("refused", stats.refused())
        .with("questions", stats.questions())
        .with("answers", stats.answers());
  }

  private static String mode(DhtStats stats) {
    return stats.mode().name().toLowerCase(Locale.ROOT);
  }
}
