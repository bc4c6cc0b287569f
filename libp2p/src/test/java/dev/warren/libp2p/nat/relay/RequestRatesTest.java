package dev.warren.libp2p.nat.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.libp2p.host.IpGroup;
import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.identity.PrivateKey;
import java.net.InetAddress;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RequestRatesTest {
  private final RequestRates rates = new RequestRates();

  @Test
  void aBurstIsServedAndThenAsMuchAsComesBack() {
    for (int i = 0; i < RequestRates.BURST; i++) {
      assertThat(rates.take("one", 1, 0)).isTrue();
    }
    assertThat(rates.take("one", 1, 0)).isFalse();

    long next = RequestRates.EACH.toNanos();
    assertThat(rates.take("one", 1, next - 1)).isFalse();
    assertThat(rates.take("one", 1, next)).isTrue();
    assertThat(rates.take("one", 1, next)).isFalse();
  }

  @Test
  void aCustomerGetsNoMoreByAllNetworksOfASite() {
    PeerId peer = PrivateKey.generate(KeyType.ED25519).peerId();
    int taken = 0;
    for (int i = 0; i < 20 * RequestRates.BURST; i++) {
      InetAddress ip = InetAddress.ofLiteral("2a0b:1:2:%x::1".formatted(i));
      taken += rates.take(Optional.of(IpGroup.of(ip)), peer, 0) ? 1 : 0;
    }
    assertThat(taken).isEqualTo(8 * RequestRates.BURST);
    var next = Optional.of(IpGroup.of(InetAddress.ofLiteral("2a0b:1:3::1")));
    assertThat(rates.take(next, peer, 0)).as("the neighbour").isTrue();
  }

  @Test
  void oneWhoAsksTooOftenTakesNothingFromOthers() {
    for (int i = 0; i < 2 * RequestRates.BURST; i++) {
      boolean _ = rates.take("one", 1, 0);
    }

    assertThat(rates.take("other", 1, 0)).isTrue();
  }
}
