package dev.warren.libp2p.nat.reachability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.libp2p.multiformats.Multiaddr;
import org.junit.jupiter.api.Test;

class ObserverTest {
  private final PeerId peer = PrivateKey.generate(KeyType.ED25519).peerId();
  private final PeerId other = PrivateKey.generate(KeyType.ED25519).peerId();

  @Test
  void whoHasManyIdsAtOneAddressIsOne() {
    assertThat(of(peer, "/ip4/11.0.0.1/tcp/1")).isEqualTo(of(other, "/ip4/11.0.0.1/udp/2/quic-v1"));
    assertThat(of(peer, "/ip4/11.0.0.1/tcp/1")).isNotEqualTo(of(peer, "/ip4/11.0.0.2/tcp/1"));
  }

  @Test
  void whoHasAWholePrefixIsOne() {
    assertThat(of(peer, "/ip6/2a00:0:0:100::1/tcp/1"))
        .isEqualTo(of(other, "/ip6/2a00:0:0:1ff:ffff::1/tcp/1"));
    assertThat(of(peer, "/ip6/2a00:0:0:100::1/tcp/1"))
        .isNotEqualTo(of(peer, "/ip6/2a00:0:0:200::1/tcp/1"));
  }

  @Test
  void onThisMachinePeersAreToldApart() {
    assertThat(of(peer, "/ip4/127.0.0.1/tcp/1")).isNotEqualTo(of(other, "/ip4/127.0.0.1/tcp/1"));
  }

  private static Observer of(PeerId peer, String remote) {
    return Observer.of(peer, Multiaddr.parse(remote));
  }
}
