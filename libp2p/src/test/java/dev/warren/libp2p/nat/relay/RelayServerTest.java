package dev.warren.libp2p.nat.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.libp2p.multiformats.Multiaddr;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RelayServerTest {
  private static final List<Multiaddr> OWN =
      addresses("/ip4/10.0.0.5/tcp/4001", "/ip4/9.9.9.9/tcp/4001", "/dns4/relay.example/tcp/443");

  @Test
  void aPeerOfTheInternetIsToldNoPrivateAddress() {
    assertThat(RelayServer.named(OWN, Multiaddr.parse("/ip4/8.8.8.8/tcp/50123")))
        .isEqualTo(addresses("/ip4/9.9.9.9/tcp/4001", "/dns4/relay.example/tcp/443"));
  }

  @Test
  void aPeerOfTheSameNetworkIsToldPrivateAddressesLast() {
    assertThat(RelayServer.named(OWN, Multiaddr.parse("/ip4/10.0.0.7/tcp/50123")))
        .containsExactlyInAnyOrderElementsOf(OWN)
        .last()
        .isEqualTo(OWN.getFirst());
  }

  private static List<Multiaddr> addresses(String... texts) {
    return Stream.of(texts).map(Multiaddr::parse).toList();
  }
}
