package dev.warren.libp2p.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.libp2p.multiformats.Multiaddr;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PendingHandshakesTest {
  private static final Multiaddr DIRECT = Multiaddr.parse("/ip4/11.0.0.1/tcp/4001");

  private final Limits limits = Limits.defaults();
  private final ResourceLedger ledger = new ResourceLedger(limits);

  @Test
  void thoseOfOneRelayLeaveRoomForOthers() throws Exception {
    Multiaddr relay = relay();
    List<ResourceLedger.Permit> taken = new ArrayList<>();
    for (int i = 0; i < limits.maxPendingHandshakes() / 8; i++) {
      taken.add(ledger.handshake(relay));
    }

    assertThatThrownBy(() -> ledger.handshake(relay)).isInstanceOf(LimitExceededException.class);
    assertThat(ledger.handshake(relay())).isNotNull();
    for (int i = taken.size() + 1; i < limits.maxPendingHandshakes(); i++) {
      assertThat(ledger.handshake(DIRECT)).isNotNull();
    }
    assertThatThrownBy(() -> ledger.handshake(DIRECT)).isInstanceOf(LimitExceededException.class);

    taken.getFirst().close();

    assertThat(ledger.handshake(relay)).isNotNull();
  }

  private static Multiaddr relay() {
    String id = PrivateKey.generate(KeyType.ED25519).peerId().toString();
    return Multiaddr.parse("/ip4/11.0.0.2/tcp/4001/p2p/" + id + "/p2p-circuit");
  }
}
