package dev.warren.libp2p.nat.autonat;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.nat.autonat.DialBackPolicy.Chosen;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DialBackPolicyTest {
  private static final PeerId PEER = PrivateKey.generate(KeyType.ED25519).peerId();
  private static final String OTHER = PrivateKey.generate(KeyType.ED25519).peerId().toString();
  private static final InetAddress OBSERVED = InetAddress.ofLiteral("11.0.0.1");
  private static final Multiaddr GOOD = Multiaddr.parse("/ip4/11.0.0.1/tcp/4001");

  private final DialBackPolicy policy =
      new DialBackPolicy(false, _ -> true, List.of(Multiaddr.parse("/ip4/11.0.0.9/tcp/1")));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/ip4/10.0.0.1/tcp/4001",
        "/ip4/192.168.1.1/udp/4001/quic-v1",
        "/ip4/127.0.0.1/tcp/4001",
        "/ip4/169.254.1.1/tcp/4001",
        "/ip4/100.64.0.1/tcp/4001",
        "/ip6/::1/tcp/4001",
        "/ip6/fe80::1/tcp/4001",
        "/ip6/fd00::1/tcp/4001",
        "/ip6/64:ff9b::b00:1/tcp/4001",
        "/ip4/11.0.0.1/tcp/0",
        "/ip4/11.0.0.9/tcp/4001",
        "/dns4/example.org/tcp/4001",
        "/dnsaddr/example.org",
        "/p2p-circuit"
      })
  void isNotDialed(String address) {
    assertThat(first(address)).isEmpty();
    assertThat(first(address, GOOD.toString())).contains(new Chosen(1, GOOD));
  }

  @Test
  void circuitsAreNotDialed() {
    assertThat(first("/ip4/11.0.0.1/tcp/1/p2p/" + OTHER + "/p2p-circuit/p2p/" + PEER)).isEmpty();
  }

  @Test
  void addressesOfOtherPeersAreNotDialed() {
    assertThat(first("/ip4/11.0.0.1/tcp/4001/p2p/" + OTHER)).isEmpty();
    assertThat(first("/ip4/11.0.0.1/tcp/4001/p2p/" + PEER)).contains(new Chosen(0, GOOD));
  }

  @Test
  void whoHasNoIpv6DialsNone() {
    String address = "/ip6/2a00::1/tcp/4001";
    assertThat(first(address)).isEmpty();

    var withIpv6 =
        new DialBackPolicy(false, _ -> true, List.of(Multiaddr.parse("/ip6/2a00::9/tcp/1")));
    assertThat(withIpv6.first(PEER, bytes(address), OBSERVED)).isPresent();
  }

  @Test
  void garbageIsNoAddressAndKeepsItsPlace() {
    List<ByteString> requested =
        List.of(ByteString.copyFromUtf8("what?"), bytes(GOOD.toString()).getFirst());

    assertThat(policy.first(PEER, requested, OBSERVED)).contains(new Chosen(1, GOOD));
  }

  @Test
  void noMoreThanFiftyAddressesAreLookedAt() {
    List<ByteString> requested =
        Stream.concat(
                Collections.nCopies(50, ByteString.copyFromUtf8("what?")).stream(),
                bytes(GOOD.toString()).stream())
            .toList();

    assertThat(policy.first(PEER, requested, OBSERVED)).isEmpty();
    assertThat(policy.atObserved(PEER, requested, OBSERVED)).isEmpty();
  }

  @Test
  void theFirstVersionIsBentToWhereTheRequestCameFrom() {
    assertThat(
            policy.atObserved(
                PEER,
                bytes(
                    "/ip4/11.9.9.9/tcp/4001",
                    "/ip4/192.168.1.2/udp/4001/quic-v1",
                    "/dns4/example.org/tcp/4001",
                    "/ip4/11.0.0.1/tcp/4001"),
                OBSERVED))
        .containsExactly(GOOD, Multiaddr.parse("/ip4/11.0.0.1/udp/4001/quic-v1"));
  }

  @Test
  void theFirstVersionDialsEightPortsAtMost() {
    String[] ports =
        IntStream.rangeClosed(1, 40)
            .mapToObj(port -> "/ip4/11.0.0.1/tcp/" + port)
            .toArray(String[]::new);

    assertThat(policy.atObserved(PEER, bytes(ports), OBSERVED)).hasSize(8);
  }

  private Optional<Chosen> first(String... addresses) {
    return policy.first(PEER, bytes(addresses), OBSERVED);
  }

  private static List<ByteString> bytes(String... addresses) {
    return Arrays.stream(addresses)
        .map(each -> ByteString.copyFrom(Multiaddr.parse(each).toBytes()))
        .toList();
  }
}
