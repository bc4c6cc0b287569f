package dev.warren.libp2p.transport.quic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.security.tls.HostCertificate;
import dev.warren.libp2p.transport.IncomingConnection;
import dev.warren.libp2p.transport.Listener;
import dev.warren.libp2p.transport.TimeSource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A dial that nobody wants any more when it comes up, as where another address was faster. */
@Timeout(60)
class AbandonedDialTest {
  private static final Multiaddr ANY = Multiaddr.parse("/ip4/127.0.0.1/udp/0/quic-v1");

  private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");

  private final PrivateKey listenerKey = PrivateKey.generate(KeyType.ED25519);
  private final PrivateKey dialerKey = PrivateKey.generate(KeyType.ED25519);

  @Test
  void listenerIsToldThatTheConnectionIsOver() throws Exception {
    var listening = new QuicTransport(listenerKey, QuicSettings.defaults(), TimeSource.system());
    var ended = new CompletableFuture<IOException>();
    try (Listener listener = listening.listen(ANY, incoming -> follow(incoming, ended))) {
      UdpSocket socket = socket();
      var handshake = new Handshake(Optional.of(listenerKey.peerId()));
      handshake.fail(new IOException("another address was faster"));
      int port = listener.address().port().orElseThrow();
      var _ = socket.dial(new InetSocketAddress(HERE, port), handshake);
      // Whoever is not told hears nothing for half a minute, and takes it for lost then.
      assertThat(ended.get(25, TimeUnit.SECONDS)).hasMessage("the peer closed the connection");
      socket.release();
    }
  }

  private UdpSocket socket() throws IOException {
    return UdpSocket.open(
        new InetSocketAddress(HERE, 0),
        new QuicTls(HostCertificate.of(dialerKey)),
        ResetTokens.key(dialerKey),
        QuicSettings.defaults(),
        TimeSource.system());
  }

  private static void follow(IncomingConnection incoming, CompletableFuture<IOException> ended) {
    Thread.startVirtualThread(
        () -> {
          try {
            ended.complete(incoming.secure().muxed().run(_ -> false));
          } catch (IOException e) {
            ended.complete(e);
          }
        });
  }
}
