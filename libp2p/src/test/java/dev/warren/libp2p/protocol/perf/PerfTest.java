package dev.warren.libp2p.protocol.perf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.libp2p.host.Host;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class PerfTest {
  @ParameterizedTest
  @CsvSource({"0, 0", "1, 0", "0, 1", "5000000, 3000000"})
  void asManyBytesMoveAsWereAskedFor(long upload, long download) throws Exception {
    try (Host server = Host.builder().listen("/ip4/127.0.0.1/tcp/0").start();
        Host client = Host.builder().start()) {
      Perf.serve(server);
      var moved = new AtomicLong();
      Perf.Result result =
          Perf.run(
              client.dial(server.addressesWithPeer().getFirst()),
              client.time(),
              upload,
              download,
              moved::addAndGet);
      assertThat(moved).hasValue(upload + download);
      assertThat(result.uploadBytes()).isEqualTo(upload);
      assertThat(result.downloadBytes()).isEqualTo(download);
      assertThat(result.upload()).isPositive();
    }
  }
}
