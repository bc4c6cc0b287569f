package dev.warren.libp2p.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.libp2p.multiformats.Multiaddr;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AddressOrderTest {
  @Test
  void theLocalNetworkComesFirstThenTheInternetThenOurselvesThenRelays() {
    var relayed =
        "/ip4/9.9.9.9/tcp/1/p2p/12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA/p2p-circuit";
    var ranked =
        AddressOrder.ranked(
            Stream.of(
                    relayed,
                    "/ip4/127.0.0.1/tcp/1",
                    "/ip4/8.8.8.8/tcp/1",
                    "/ip6/2001:4860::1/tcp/1",
                    "/ip4/192.168.1.2/tcp/1",
                    "/ip6/fd00::1/tcp/1",
                    "/ip4/192.168.1.2/tcp/1")
                .map(Multiaddr::parse)
                .toList());
    assertThat(ranked)
        .extracting(Multiaddr::toString)
        .containsExactly(
            "/ip6/fd00::1/tcp/1",
            "/ip4/192.168.1.2/tcp/1",
            "/ip6/2001:4860::1/tcp/1",
            "/ip4/8.8.8.8/tcp/1",
            "/ip4/127.0.0.1/tcp/1",
            relayed);
  }

  @Test
  void quicGoesFirstWhereThereAreRouters() {
    var ranked =
        AddressOrder.ranked(
            Stream.of(
                    "/ip4/8.8.8.8/tcp/1",
                    "/ip4/8.8.8.8/udp/1/quic-v1",
                    "/ip4/192.168.1.2/udp/1/quic-v1",
                    "/ip4/192.168.1.2/tcp/1")
                .map(Multiaddr::parse)
                .toList());
    assertThat(ranked)
        .extracting(Multiaddr::toString)
        .containsExactly(
            "/ip4/192.168.1.2/tcp/1",
            "/ip4/192.168.1.2/udp/1/quic-v1",
            "/ip4/8.8.8.8/udp/1/quic-v1",
            "/ip4/8.8.8.8/tcp/1");
  }

  @Test
  void tcpDoesNotWaitForEachOfManyQuicAddresses() {
    var ranked =
        AddressOrder.ranked(
            Stream.of(
                    "/ip4/8.8.8.8/tcp/1",
                    "/ip4/8.8.8.8/udp/1/quic-v1",
                    "/ip6/2001:4860::1/udp/1/quic-v1",
                    "/ip4/127.0.0.1/tcp/1",
                    "/ip6/2001:4860::1/tcp/1",
                    "/ip6/2001:4860::2/udp/1/quic-v1")
                .map(Multiaddr::parse)
                .toList());
    assertThat(ranked)
        .extracting(Multiaddr::toString)
        .containsExactly(
            "/ip6/2001:4860::1/udp/1/quic-v1",
            "/ip6/2001:4860::1/tcp/1",
            "/ip6/2001:4860::2/udp/1/quic-v1",
            "/ip4/8.8.8.8/udp/1/quic-v1",
            "/ip4/8.8.8.8/tcp/1",
            "/ip4/127.0.0.1/tcp/1");
  }
}
