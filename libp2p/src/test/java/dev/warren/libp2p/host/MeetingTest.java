package dev.warren.libp2p.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.transport.Cancellation;
import dev.warren.libp2p.transport.RawConnection;
import dev.warren.libp2p.transport.tcp.TcpTransport;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A hole punch over TCP in which the server's connection comes in before the client's goes out. */
@Timeout(60)
class MeetingTest {
  private static final String ANY = "/ip4/127.0.0.1/tcp/0";

  @Test
  void theClientSpeaksFirstOnWhatTheServerBegan() throws Exception {
    var heldBack = new HeldBack();
    try (Host client = Host.builder().transport(heldBack).listen(ANY).start();
        Host server = Host.builder().transport(new TcpTransport(true)).listen(ANY).start()) {
      Multiaddr atServer = server.addresses().getFirst();
      Thread.startVirtualThread(() -> meet(client, server, atServer));
      heldBack.dialing.await();

      server.punch(client.peerId(), client.addresses(), new Cancellation());

      Eventually.check(() -> !client.connections(server.peerId()).isEmpty());
      Eventually.check(() -> !server.connections(client.peerId()).isEmpty());
      Connection ofClient = client.connections(server.peerId()).getFirst();
      Connection ofServer = server.connections(client.peerId()).getFirst();
      assertThat(ofClient.remoteAddress()).isEqualTo(atServer);
      assertThat(ofClient.outbound()).isTrue();
      assertThat(ofServer.outbound()).isFalse();
      assertThat(ofClient.ping()).isPositive();
    }
  }

  private static void meet(Host client, Host server, Multiaddr at) {
    try {
      client.meet(server.peerId(), List.of(at), Duration.ofSeconds(30));
    } catch (IOException e) {
      // Its own dial comes to nothing.
    }
  }

  /** No dial goes out. */
  private static final class HeldBack extends WrappedTransport {
    private final CountDownLatch dialing = new CountDownLatch(1);

    private HeldBack() {
      super(new TcpTransport(true));
    }

    @Override
    public RawConnection dial(Multiaddr address, Cancellation cancellation) throws IOException {
      dialing.countDown();
      var over = new CountDownLatch(1);
      try (var _ = cancellation.onCancel(over::countDown)) {
        over.await();
      } catch (InterruptedException e) {
        throw new InterruptedIOException();
      }
      throw new IOException("nothing goes out");
    }
  }
}
