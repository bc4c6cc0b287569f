package dev.warren.libp2p.nat.dcutr;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.libp2p.multiformats.IpRanges;
import dev.warren.libp2p.multiformats.Multiaddr;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PunchTargetsTest {
  private static final String PEER = "12D3KooWHHzSeKaY8xuZVzkLbKFfvNgPPeKhFBGrMbNzbm5akpqu";

  private final PunchTargets targets =
      new PunchTargets(IpRanges::isPublic, () -> PunchTargetsTest::isNear);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/ip4/11.0.0.1/tcp/4001",
        "/ip4/11.0.0.1/udp/4001/quic-v1",
        "/ip6/2a01:4f8::1/udp/4001/quic-v1"
      })
  void publicAddressesOfTcpAndQuicAreTried(String address) {
    assertThat(of(address)).containsExactly(Multiaddr.parse(address));
    assertThat(of(address + "/p2p/" + PEER)).containsExactly(Multiaddr.parse(address));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/ip4/192.168.1.1/tcp/80",
        "/ip4/127.0.0.1/udp/53/quic-v1",
        "/ip4/169.254.169.254/tcp/80",
        "/ip4/224.0.0.1/udp/5353/quic-v1",
        "/ip4/255.255.255.255/udp/9/quic-v1",
        "/ip6/::1/tcp/80",
        "/ip6/::ffff:10.0.0.1/tcp/80",
        "/ip6/fd00::1/tcp/80",
        "/ip4/11.0.0.1/tcp/0",
        "/ip4/11.0.0.1/udp/4001",
        "/ip4/11.0.0.1/tcp/4001/ws",
        "/dns4/victim.example/tcp/80",
        "/ip4/11.0.0.1/tcp/4001/p2p/" + PEER + "/p2p-circuit"
      })
  void nothingElseIs(String address) {
    assertThat(of(address)).isEmpty();
  }

  @Test
  void fewAddressesOfOneMachineAreTried() {
    assertThat(
            targets.of(
                IntStream.range(1, 1000)
                    .mapToObj(port -> Multiaddr.parse("/ip4/11.0.0.1/tcp/" + port))
                    .toList()))
        .hasSize(PunchTargets.MAX_PER_IP);
  }

  @Test
  void addressesOfTcpDoNotCrowdThoseOfQuicOut() {
    String[] tcp =
        IntStream.range(1, 10).mapToObj(i -> "/ip4/11.0.0.1/tcp/" + i).toArray(String[]::new);
    String quic = "/ip4/11.0.0.1/udp/4001/quic-v1";

    assertThat(of(Stream.concat(Stream.of(tcp), Stream.of(quic)).toArray(String[]::new)))
        .hasSize(PunchTargets.MAX_PER_IP)
        .startsWith(Multiaddr.parse(quic));
  }

  @Test
  void fewAddressesAreTriedInAll() {
    assertThat(
            targets.of(
                IntStream.range(1, 200)
                    .mapToObj(host -> Multiaddr.parse("/ip4/11.0.0." + host + "/tcp/4001"))
                    .toList()))
        .hasSize(PunchTargets.MAX_ADDRESSES);
  }

  @Test
  void oneThatIsGivenTwiceIsTriedOnce() {
    assertThat(of("/ip4/11.0.0.1/tcp/4001", "/ip4/11.0.0.1/tcp/4001")).hasSize(1);
  }

  @Test
  void aPeerAtOurOwnIpAddressIsTriedInOurNetworkFirst() {
    assertThat(
            near(
                List.of("/ip4/11.0.0.1/tcp/9000"),
                "/ip4/192.168.1.7/tcp/4001",
                "/ip4/192.168.1.1/tcp/80",
                "/ip4/10.9.9.9/tcp/4001",
                "/ip4/127.0.0.1/tcp/4001",
                "/ip4/11.0.0.2/tcp/4001"))
        .containsExactly(
            Multiaddr.parse("/ip4/192.168.1.7/tcp/4001"),
            Multiaddr.parse("/ip4/11.0.0.1/tcp/9000"));
  }

  @Test
  void aPeerElsewhereIsNotTriedInOurNetwork() {
    assertThat(near(List.of("/ip4/11.0.0.2/tcp/9000"), "/ip4/192.168.1.7/tcp/4001"))
        .containsExactly(Multiaddr.parse("/ip4/11.0.0.2/tcp/9000"));
  }

  @Test
  void fewAddressesOfOurNetworkAreTriedAndLeaveRoomForOthers() {
    String[] everywhere =
        IntStream.range(1, 200)
            .mapToObj(host -> "/ip4/192.168.1." + host + "/tcp/4001")
            .toArray(String[]::new);
    List<String> seen =
        IntStream.range(1, 200).mapToObj(host -> "/ip4/11.0.0." + host + "/tcp/4001").toList();

    List<Multiaddr> all = near(seen, everywhere);

    assertThat(all).hasSize(PunchTargets.MAX_ADDRESSES);
    assertThat(all.stream().filter(it -> isNear(it.ip().orElseThrow())))
        .hasSize(PunchTargets.MAX_NEAR);
  }

  private List<Multiaddr> near(List<String> seen, String... known) {
    return targets.of(
        seen.stream().map(Multiaddr::parse).toList(),
        Stream.of(known).map(Multiaddr::parse).toList(),
        List.of(Multiaddr.parse("/ip4/11.0.0.1/tcp/4001")));
  }

  private static boolean isNear(InetAddress ip) {
    return ip.getHostAddress().startsWith("192.168.1.");
  }

  private List<Multiaddr> of(String... addresses) {
    return targets.of(Stream.of(addresses).map(Multiaddr::parse).toList());
  }
}
