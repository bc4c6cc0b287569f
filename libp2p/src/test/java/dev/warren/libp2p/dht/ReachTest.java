package dev.warren.libp2p.dht;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.libp2p.multiformats.Multiaddr;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReachTest {
  private static final String RELAY = "/p2p/12D3KooWLU2znyJMtDiHArqAGbZn8CgUGp92kxDBtefftEEaHSZS";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/ip4/11.0.0.1/tcp/1",
        "/ip4/192.0.1.1/udp/1/quic-v1",
        "/ip4/100.63.0.1/tcp/1",
        "/ip4/172.32.0.1/tcp/1",
        "/ip4/198.20.0.1/tcp/1",
        "/ip4/223.255.255.255/tcp/1",
        "/ip6/2a01:4f8::1/tcp/1",
        "/dns4/example.com/tcp/1"
      })
  void publicAddressesAreOfUseOnTheInternet(String address) {
    assertThat(admits(Reach.PUBLIC, address)).isTrue();
    assertThat(admits(Reach.LOCAL, address)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/ip4/127.0.0.1/tcp/1",
        "/ip4/10.1.2.3/tcp/1",
        "/ip4/172.16.0.1/tcp/1",
        "/ip4/192.168.0.1/tcp/1",
        "/ip4/169.254.0.1/tcp/1",
        "/ip4/100.64.0.1/tcp/1",
        "/ip6/::1/tcp/1",
        "/ip6/fe80::1/tcp/1",
        "/ip6/fd00::1/tcp/1"
      })
  void localAddressesAreOfUseOnTheLocalNetwork(String address) {
    assertThat(admits(Reach.PUBLIC, address)).isFalse();
    assertThat(admits(Reach.LOCAL, address)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/ip4/0.0.0.0/tcp/1",
        "/ip4/192.0.0.1/tcp/1",
        "/ip4/192.0.2.1/tcp/1",
        "/ip4/198.18.0.1/tcp/1",
        "/ip4/198.19.0.1/tcp/1",
        "/ip4/198.51.100.1/tcp/1",
        "/ip4/203.0.113.1/tcp/1",
        "/ip4/224.0.0.1/tcp/1",
        "/ip4/240.0.0.1/tcp/1",
        "/ip6/2001:db8::1/tcp/1",
        "/ip6/::/tcp/1",
        "/memory/7"
      })
  void otherAddressesAreOfUseOnlyWhereItIsOfNoMatter(String address) {
    assertThat(admits(Reach.PUBLIC, address)).isFalse();
    assertThat(admits(Reach.LOCAL, address)).isFalse();
    assertThat(admits(Reach.ANY, address)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/ip4/11.0.0.1/tcp/1", "/ip6/2a01:4f8::1/udp/1/quic-v1"})
  void whoIsReachedThroughARelayIsNoServerButFound(String relay) {
    Multiaddr address = Multiaddr.parse(relay + RELAY + "/p2p-circuit");
    assertThat(Reach.PUBLIC.admits(List.of(address))).isFalse();
    assertThat(Reach.PUBLIC.filter(List.of(address, address))).containsExactly(address);
  }

  private static boolean admits(Reach reach, String address) {
    List<Multiaddr> addresses = List.of(Multiaddr.parse(address));
    assertThat(reach.filter(addresses).isEmpty()).isNotEqualTo(reach.admits(addresses));
    return reach.admits(addresses);
  }
}
