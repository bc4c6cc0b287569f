package dev.warren.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.multiformats.Multiaddr;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TraversalTest {
  @Test
  void whoIsReachedByTcpAndListensForQuicOnTheInternetIsCounted() throws Exception {
    try (Host far = Host.builder().listen("/ip4/127.0.0.1/tcp/0").start();
        Host near = Host.builder().start();
        Traversal traversal = Traversal.open(near, List.of(), () -> {})) {
      near.dial(far.addressesWithPeer().getFirst());
      assertThat(withoutQuic(traversal)).as("it has TCP alone").isZero();

      know(near, far, "/ip4/192.168.1.7/udp/4001/quic-v1");
      assertThat(withoutQuic(traversal)).as("that may be out of reach").isZero();

      know(near, far, "/ip4/11.2.3.4/udp/4001/quic-v1");
      assertThat(withoutQuic(traversal)).isOne();
    }
  }

  private static void know(Host who, Host whom, String address) {
    who.peerstore().keepAddresses(whom.peerId(), List.of(Multiaddr.parse(address)));
  }

  private static int withoutQuic(Traversal traversal) {
    return traversal.connectivity(List.of()).connections().withoutQuic();
  }
}
