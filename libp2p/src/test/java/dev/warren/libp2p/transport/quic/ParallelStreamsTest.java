package dev.warren.libp2p.transport.quic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.libp2p.host.Connection;
import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.protocol.perf.Perf;
import dev.warren.libp2p.transport.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Streams that take all that the network takes, side by side. */
@Timeout(180)
class ParallelStreamsTest {
  private static final int STREAMS = 8;
  private static final int ROUNDS = 15;
  private static final int BYTES = 3_000_000;

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private Host server;
  private Host client;
  private Connection connection;

  @BeforeEach
  void connect() throws Exception {
    server = Host.builder().quic().start();
    client = Host.builder().quic().start();
    server.listen(Multiaddr.parse("/ip4/127.0.0.1/udp/0/quic-v1"));
    connection = client.dial(server.peerId(), server.listenAddresses());
  }

  @AfterEach
  void close() {
    client.close();
    server.close();
    threads.close();
  }

  @Test
  void downloadsEnd() throws Exception {
    Perf.serve(server);
    for (int round = 0; round < ROUNDS; round++) {
      all(0, BYTES);
    }
  }

  @Test
  void uploadsEnd() throws Exception {
    Perf.serve(server);
    for (int round = 0; round < ROUNDS; round++) {
      all(BYTES, 0);
    }
  }

  /** The FIN cannot go with the last bytes, and the other half has ended before. */
  @Test
  void downloadsEndThatAreClosedLater() throws Exception {
    server.handle(
        Perf.PROTOCOL,
        stream -> {
          stream.input().readAllBytes();
          stream.write(new byte[BYTES]);
          var later = new CountDownLatch(1);
          try (var _ = TimeSource.system().after(Duration.ofMillis(5), later::countDown)) {
            later.await();
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
          stream.closeWrite();
        });
    for (int round = 0; round < ROUNDS; round++) {
      all(0, BYTES);
    }
  }

  private void all(long up, long down) throws Exception {
    List<Future<Perf.Result>> results = new ArrayList<>();
    for (int i = 0; i < STREAMS; i++) {
      results.add(
          threads.submit(() -> Perf.run(connection, TimeSource.system(), up, down, _ -> {})));
    }
    for (Future<Perf.Result> result : results) {
      assertThat(result.get(60, TimeUnit.SECONDS).downloadBytes()).isEqualTo(down);
    }
  }
}
