package dev.warren.libp2p.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.mux.yamux.Yamux;
import dev.warren.libp2p.mux.yamux.YamuxSettings;
import dev.warren.libp2p.negotiate.MultistreamSelect;
import dev.warren.libp2p.security.noise.Noise;
import dev.warren.libp2p.transport.Cancellation;
import dev.warren.libp2p.transport.ManualTime;
import dev.warren.libp2p.transport.RawConnection;
import dev.warren.libp2p.transport.SecuredConnection;
import dev.warren.libp2p.transport.memory.MemoryTransport;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The multiplexer that is offered lazily, to a peer that agrees to it or never does. */
@Timeout(30)
class UpgraderTest {
  private static final Multiaddr ADDRESS = Multiaddr.parse("/memory/1");
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final ManualTime time = new ManualTime();
  private final Noise dialersNoise = noise();
  private final Noise listenersNoise = noise();
  private final RawConnection dialed;
  private final RawConnection accepted;

  UpgraderTest() throws Exception {
    var network = new MemoryTransport();
    var incoming = new LinkedBlockingQueue<RawConnection>();
    network.listen(ADDRESS, incoming::add);
    dialed = network.dial(ADDRESS, new Cancellation());
    accepted = incoming.take();
  }

  @AfterEach
  void close() {
    dialed.close();
    accepted.close();
  }

  @Test
  void aPeerThatNeverAgreesToTheMultiplexerIsGivenUpInTime() throws Exception {
    CompletableFuture<Object> secured =
        background(
            () -> {
              MultistreamSelect.answer(accepted, Noise.PROTOCOL_ID::equals);
              return listenersNoise.secureInbound(accepted);
            });
    SecuredConnection upgraded = upgrader(dialersNoise, time).outbound(dialed, Optional.empty());
    secured.get(30, TimeUnit.SECONDS);
    CompletableFuture<IOException> ended = background(() -> upgraded.muxed().run(_ -> false));
    time.advance(LIMIT);
    assertThat(ended.get(30, TimeUnit.SECONDS))
        .isInstanceOf(SocketTimeoutException.class)
        .hasMessage("the peer did not agree to a multiplexer within 10 s");
  }

  @Test
  void anAgreementEndsTheLimit() throws Exception {
    var listenersTime = new ManualTime();
    CompletableFuture<SecuredConnection> inbound =
        background(() -> upgrader(listenersNoise, listenersTime).inbound(accepted));
    SecuredConnection outbound = upgrader(dialersNoise, time).outbound(dialed, Optional.empty());
    Thread.startVirtualThread(() -> outbound.muxed().run(_ -> false));
    SecuredConnection other = inbound.get(30, TimeUnit.SECONDS);
    Thread.startVirtualThread(() -> other.muxed().run(_ -> false));
    assertThat(outbound.muxed().ping()).isNotNull();
    time.advance(LIMIT);
    assertThat(outbound.muxed().ping()).as("the connection goes on").isNotNull();
  }

  private static Upgrader upgrader(Noise noise, ManualTime time) {
    return new Upgrader(noise, new Yamux(YamuxSettings.defaults(), time), time, LIMIT);
  }

  private static Noise noise() {
    return new Noise(PrivateKey.generate(KeyType.ED25519), List.of());
  }

  private static <T> CompletableFuture<T> background(Callable<? extends T> work) {
    var result = new CompletableFuture<T>();
    Thread.startVirtualThread(
        () -> {
          try {
            result.complete(work.call());
          } catch (Exception e) {
            result.completeExceptionally(e);
          }
        });
    return result;
  }
}
