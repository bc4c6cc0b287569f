package dev.warren.cli.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** {@code scripts/dht-network} with fewer processes. */
@Timeout(600)
@Execution(ExecutionMode.CONCURRENT)
class WordsOverDhtIT {
  private static final int NODES = 8;

  /** It takes a tenth where nothing else runs; see docs/benchmarks.md. */
  private static final Duration ON_A_BUSY_MACHINE = Duration.ofSeconds(30);

  @TempDir private Path folder;

  @Test
  void wordsAndOneAddressOfTheNetworkAreEnough() throws Exception {
    try (var network = new WordsOverDht(folder)) {
      network.start(NODES);
      String words = network.share();
      assertThat(network.receive("receiver", words)).isLessThan(ON_A_BUSY_MACHINE);
    }
  }
}
