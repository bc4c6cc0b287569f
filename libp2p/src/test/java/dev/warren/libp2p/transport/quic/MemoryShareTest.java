package dev.warren.libp2p.transport.quic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.transport.Cancellation;
import dev.warren.libp2p.transport.Listener;
import dev.warren.libp2p.transport.MemoryBudget;
import dev.warren.libp2p.transport.MuxedConnection;
import dev.warren.libp2p.transport.MuxedStream;
import dev.warren.libp2p.transport.TimeSource;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MemoryShareTest {
  private static final int STREAMS = 200;

  /** Memory that knows how much of it was taken at most. */
  private static final class Watched implements MemoryBudget {
    private final long maxBytes;
    private final AtomicLong used = new AtomicLong();
    private final AtomicLong most = new AtomicLong();

    Watched(long maxBytes) {
      this.maxBytes = maxBytes;
    }

    @Override
    public boolean reserve(long bytes) {
      long now = used.addAndGet(bytes);
      if (now > maxBytes) {
        used.addAndGet(-bytes);
        return false;
      }
      most.accumulateAndGet(now, Math::max);
      return true;
    }

    @Override
    public void release(long bytes) {
      assertThat(used.addAndGet(-bytes)).isNotNegative();
    }
  }

  @Test
  void aConnectionHasRoomUpToItsOwnBound() {
    var all = new Watched(1_000);
    var share = new MemoryShare(all, 100);
    share.add(99);
    assertThat(share.hasRoom()).isTrue();
    share.add(1);
    assertThat(share.hasRoom()).isFalse();
    share.remove(50);
    assertThat(share.hasRoom()).isTrue();
    assertThat(all.used).hasValue(50);
  }

  @Test
  void whereOthersHoldAllOfItThereIsNoRoomUntilWhatIsHeldBeyondItIsGone() {
    var all = new Watched(100);
    var share = new MemoryShare(all, 100);
    share.add(40);
    assertThat(all.reserve(50)).isTrue();
    share.add(20);
    assertThat(share.hasRoom()).as("60 held, 40 of them reserved").isFalse();
    share.remove(20);
    assertThat(share.hasRoom()).isTrue();
    assertThat(all.used).hasValue(90);
    share.remove(40);
    assertThat(all.used).as("what the others hold").hasValue(50);
  }

  @Test
  void manyStreamsThatNobodyReadsHoldLittleAtEitherEnd() throws Exception {
    var sending = new Watched(Long.MAX_VALUE);
    var received = new Watched(2 << 20);
    QuicSettings settings = QuicSettings.defaults();
    QuicTransport client = transport(settings.withMemory(MemoryBudget.unlimited(), sending));
    QuicTransport server = transport(settings.withMemory(received, MemoryBudget.unlimited()));
    try (Listener listener =
        server.listen(
            Multiaddr.parse("/ip4/127.0.0.1/udp/0/quic-v1"),
            incoming ->
                Thread.startVirtualThread(
                    () -> {
                      try {
                        var _ = incoming.secure().muxed().run(_ -> true);
                      } catch (IOException e) {
                        incoming.close();
                      }
                    }))) {
      MuxedConnection connection =
          client.dial(listener.address(), Optional.empty(), new Cancellation()).muxed();
      List<Thread> writers = new ArrayList<>();
      for (int i = 0; i < STREAMS; i++) {
        MuxedStream stream = connection.openStream();
        stream.setWriteTimeout(Duration.ofSeconds(1));
        writers.add(Thread.startVirtualThread(() -> writeUntilItIsTooMuch(stream)));
      }
      for (Thread writer : writers) {
        writer.join();
      }
      assertThat(sending.most.get())
          .as("a bound for all, and a little for each")
          .isBetween(4L << 20, 16L << 20);
      assertThat(received.most.get()).isBetween(1L << 20, 2L << 20);
      connection.close();
      nothingIsLeftOf(sending);
      nothingIsLeftOf(received);
    }
  }

  private static void writeUntilItIsTooMuch(MuxedStream stream) {
    try {
      while (true) {
        stream.write(new byte[1 << 20]);
      }
    } catch (SocketTimeoutException e) {
      // As it should be.
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** What was received and never read is not closed by anybody. */
  private static void nothingIsLeftOf(Watched memory) {
    long start = System.nanoTime();
    while (memory.used.get() > 0) {
      assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(20));
      Thread.onSpinWait();
    }
  }

  private static QuicTransport transport(QuicSettings settings) {
    return new QuicTransport(PrivateKey.generate(KeyType.ED25519), settings, TimeSource.system());
  }
}
