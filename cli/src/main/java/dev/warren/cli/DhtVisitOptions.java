package dev.warren.cli;

import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of commands that ask a network something and leave. */
final class DhtVisitOptions {
  @Mixin private final DhtOptions dht = new DhtOptions();

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      description =
          "How long it may take, as in 30s or 5m. Default: 1m; 10m to walk through a network.")
  private Optional<Duration> timeout = Optional.empty();

  DhtOptions dht() {
    return dht;
  }

  Duration timeout(Duration otherwise) throws CommandFailure {
    if (timeout.filter(Duration::isZero).isPresent()) {
      throw CommandFailure.usage("--timeout must be more than nothing.", "Say 30s or 5m.");
    }
    return timeout.orElse(otherwise);
  }
}
