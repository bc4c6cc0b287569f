package dev.warren.libp2p.nat.dcutr;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalNetworkTest {
  private static final List<LocalNetwork> NETWORKS =
      List.of(
          network("192.168.1.2", 24),
          network("172.17.0.1", 16),
          network("169.254.7.7", 16),
          network("11.0.0.2", 24),
          network("fd12::2", 64),
          network("10.0.0.2", 0),
          network("192.168.130.2", 23));

  @ParameterizedTest
  @ValueSource(strings = {"192.168.1.7", "172.17.255.1", "192.168.131.1", "fd12::7:7"})
  void otherMachinesOfOurNetworksAreNeighbours(String ip) {
    assertThat(isNeighbour(ip)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "192.168.2.7", // elsewhere
        "192.168.132.1",
        "10.0.0.7", // of a network that nobody knows the size of
        "fd12:0:0:1::7",
        "192.168.1.2", // ourselves
        "172.17.0.1",
        "127.0.0.1",
        "::1",
        "169.254.169.254", // at no home, but where programs ask clouds for secrets
        "fe80::7",
        "11.0.0.7" // no private one
      })
  void nobodyElseIs(String ip) {
    assertThat(isNeighbour(ip)).isFalse();
  }

  @Test
  void thisMachineAloneIsNoNetwork() {
    assertThat(LocalNetwork.all()).noneMatch(it -> it.own().isLoopbackAddress());
  }

  private static boolean isNeighbour(String ip) {
    return LocalNetwork.neighbours(NETWORKS).test(InetAddress.ofLiteral(ip));
  }

  private static LocalNetwork network(String own, int prefixBits) {
    return new LocalNetwork(InetAddress.ofLiteral(own), prefixBits);
  }
}
