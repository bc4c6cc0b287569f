package dev.warren.libp2p.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.transport.IncomingConnection;
import dev.warren.libp2p.transport.ManualTime;
import dev.warren.libp2p.transport.SecuredConnection;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Of whom we are the client, of those that come in. */
@Timeout(60)
class InboundTest {
  private static final Multiaddr THERE = Multiaddr.parse("/ip4/11.0.0.1/tcp/4001");

  private final LinkedBlockingQueue<Optional<PeerId>> expected = new LinkedBlockingQueue<>();
  private final Limits limits = Limits.defaults();
  private final Inbound inbound =
      new Inbound(
          new ResourceLedger(limits),
          new ManualTime(),
          limits.handshakeTimeout(),
          (_, _) -> {},
          (_, _) -> {});

  @Test
  void oneConnectionOfAnAddressIsMetAndWhatComesNextIsAsAnyOther() throws Exception {
    PeerId peer = peer();
    try (var _ = inbound.meet(peer, List.of(THERE))) {
      assertThat(expectedOfTheNext()).contains(peer);
      assertThat(expectedOfTheNext()).as("perhaps somebody else, who lives there").isEmpty();
    }
  }

  @Test
  void nobodyIsMetAnyMoreWhenThatIsOver() throws Exception {
    inbound.meet(peer(), List.of(THERE)).close();

    assertThat(expectedOfTheNext()).isEmpty();
  }

  @Test
  void theEndOfAMeetingIsNotThatOfAnotherAtTheSameAddress() throws Exception {
    PeerId other = peer();
    Inbound.Meeting first = inbound.meet(peer(), List.of(THERE));
    try (var _ = inbound.meet(other, List.of(THERE))) {
      first.close();

      assertThat(expectedOfTheNext()).contains(other);
    }
  }

  private Optional<PeerId> expectedOfTheNext() throws InterruptedException {
    inbound.accept(new Incoming());
    return expected.poll(20, TimeUnit.SECONDS);
  }

  private static PeerId peer() {
    return PrivateKey.generate(KeyType.ED25519).peerId();
  }

  /** Tells as whose it is taken, and fails. */
  private final class Incoming implements IncomingConnection {
    @Override
    public Multiaddr remoteAddress() {
      return THERE;
    }

    @Override
    public SecuredConnection secure() throws IOException {
      expected.add(Optional.empty());
      throw new IOException("nobody is there");
    }

    @Override
    public SecuredConnection secureAsClient(PeerId server) throws IOException {
      expected.add(Optional.of(server));
      throw new IOException("nobody is there");
    }

    @Override
    public void close() {}
  }
}
