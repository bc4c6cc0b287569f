package dev.warren.libp2p.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.mux.yamux.Yamux;
import dev.warren.libp2p.mux.yamux.YamuxSettings;
import dev.warren.libp2p.negotiate.MultistreamSelect;
import dev.warren.libp2p.protocol.identify.Identify;
import dev.warren.libp2p.security.noise.Noise;
import dev.warren.libp2p.transport.Cancellation;
import dev.warren.libp2p.transport.ManualTime;
import dev.warren.libp2p.transport.MuxedConnection;
import dev.warren.libp2p.transport.MuxedStream;
import dev.warren.libp2p.transport.StreamResetException;
import dev.warren.libp2p.transport.memory.MemoryTransport;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A peer that sends a byte whenever we are about to lose patience: no single read takes long, but
 * the whole does.
 */
@Timeout(30)
class SlowPeerTest {
  private static final Multiaddr ADDRESS = Multiaddr.parse("/memory/1");
  private static final Duration STEP = Duration.ofSeconds(4);
  private static final int STEPS = 3; // more than 10 s

  private final ManualTime time = new ManualTime();
  private final MemoryTransport network = new MemoryTransport();
  private final BlockingQueue<MuxedStream> opened = new LinkedBlockingQueue<>();
  private final Host host;
  private final MuxedConnection peer;

  SlowPeerTest() throws Exception {
    host = Host.builder().transport(network).time(time).listen(ADDRESS.toString()).start();
    var peersTime = new ManualTime(); // stands still
    var upgrader =
        new Upgrader(
            new Noise(PrivateKey.generate(KeyType.ED25519), List.of()),
            new Yamux(YamuxSettings.defaults(), peersTime),
            peersTime,
            Duration.ofSeconds(10));
    peer = upgrader.outbound(network.dial(ADDRESS, new Cancellation()), Optional.empty()).muxed();
    Thread.startVirtualThread(() -> peer.run(opened::add));
  }

  @AfterEach
  void close() {
    peer.close();
    host.close();
  }

  @Test
  void aPeerThatNeverComesToItsProtocolLosesTheStream() throws Exception {
    MuxedStream stream = peer.openStream();
    stream.write(message("/multistream/1.0.0"));
    stream.readFully(new byte[20], 0, 20); // so the host is at it
    stream.write(new byte[] {100});
    dribble(stream);
    assertReset(stream);
  }

  @Test
  void aPeerThatTakesForEverToAnswerTheOfferLosesTheStream() throws Exception {
    nextStream(); // the host's question who this is
    Connection connection = host.connections().getFirst();
    var result = new CompletableFuture<Stream>();
    Thread.startVirtualThread(
        () -> {
          try {
            result.complete(connection.open("/a", "/b"));
          } catch (IOException e) {
            result.completeExceptionally(e);
          }
        });
    MuxedStream stream = nextStream();
    stream.readFully(new byte[20], 0, 20); // so the host is at it
    stream.write(message("/multistream/1.0.0"));
    stream.write(new byte[] {100});
    dribble(stream);
    assertThatThrownBy(() -> result.get(30, TimeUnit.SECONDS))
        .hasCauseInstanceOf(SocketTimeoutException.class)
        .hasMessageContaining("no protocol was agreed on within 10 s");
  }

  @Test
  void aPeerThatTakesForEverToIdentifyItselfLosesTheStream() throws Exception {
    MuxedStream stream = nextStream();
    MultistreamSelect.answer(stream, Identify.PROTOCOL::equals);
    stream.write(new byte[] {100});
    dribble(stream);
    Eventually.check(() -> host.connections().getFirst().streamCount() == 0);
  }

  @Test
  void aPeerThatPushesForEverLosesTheStream() throws Exception {
    MuxedStream stream = peer.openStream();
    MultistreamSelect.select(stream, List.of(Identify.PUSH_PROTOCOL));
    stream.write(new byte[] {(byte) 0xff, 0x3f}); // 8191 bytes are to come
    // When the host begins to wait cannot be seen from here.
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 1000; i++) {
                dribble(stream);
              }
            })
        .isInstanceOf(StreamResetException.class);
  }

  private void dribble(MuxedStream stream) throws IOException, InterruptedException {
    for (int i = 0; i < STEPS; i++) {
      stream.write(new byte[] {'x'});
      peer.ping(); // so the host has received it
      time.advance(STEP);
    }
  }

  private static void assertReset(MuxedStream stream) {
    assertThatThrownBy(() -> stream.read(new byte[1], 0, 1))
        .isInstanceOfSatisfying(StreamResetException.class, e -> assertThat(e.remote()).isTrue());
  }

  private MuxedStream nextStream() throws InterruptedException {
    MuxedStream stream = opened.poll(30, TimeUnit.SECONDS);
    assertThat(stream).isNotNull();
    return stream;
  }

  private static byte[] message(String text) {
    byte[] bytes = (" " + text + "\n").getBytes(StandardCharsets.UTF_8);
    bytes[0] = (byte) (bytes.length - 1);
    return bytes;
  }
}
