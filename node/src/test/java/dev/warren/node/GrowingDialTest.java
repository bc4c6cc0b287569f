package dev.warren.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.libp2p.host.DialException;
import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.libp2p.multiformats.Multiaddr;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class GrowingDialTest {
  private static final Multiaddr NOWHERE = Multiaddr.parse("/ip4/127.0.0.1/tcp/1");

  private Host peer;
  private Host dialer;

  @BeforeEach
  void start() throws IOException {
    peer = Host.builder().listen("/ip4/127.0.0.1/tcp/0").start();
    dialer = Host.builder().start();
  }

  @AfterEach
  void close() {
    dialer.close();
    peer.close();
  }

  @Test
  void anAddressThatIsHeardOfLaterIsTriedBesideOneThatDoesNotAnswer() throws Exception {
    try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var dial =
          new GrowingDial(
              dialer,
              peer.peerId(),
              List.of(Multiaddr.parse("/ip4/127.0.0.1/tcp/" + silent.getLocalPort())));
      silent.accept(); // it is under way, and nobody ever says anything
      assertThat(dial.add(peer.addresses())).isTrue();
      assertThat(dial.await().remotePeer()).isEqualTo(peer.peerId());
      assertThat(dial.add(List.of(NOWHERE))).isFalse();
    }
  }

  @Test
  void moreAddressesThanAreTriedDoNoHarm() throws Exception {
    try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      List<Multiaddr> many =
          IntStream.range(0, 100)
              .mapToObj(i -> Multiaddr.parse("/ip4/127.0.0." + i + "/tcp/" + silent.getLocalPort()))
              .toList();
      var dial = new GrowingDial(dialer, peer.peerId(), many);
      assertThat(dial.add(peer.addresses())).isTrue();
    }
  }

  @Test
  void notEachAddressOfManyIsDialedAsItComes() throws Exception {
    try (var silent = new ServerSocket(0, 100)) {
      Function<Integer, List<Multiaddr>> address =
          i -> List.of(Multiaddr.parse("/ip4/127.0.0." + i + "/tcp/" + silent.getLocalPort()));
      var dial = new GrowingDial(dialer, peer.peerId(), address.apply(1));
      assertThat(IntStream.range(2, 60).filter(i -> dial.add(address.apply(i)))).hasSize(7);
    }
  }

  @Test
  void aDialHasFailedWhenNoAddressLeadsThere() throws Exception {
    PeerId another = PeerId.of(PrivateKey.generate(KeyType.ED25519).publicKey());
    try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var dial =
          new GrowingDial(
              dialer,
              another,
              List.of(Multiaddr.parse("/ip4/127.0.0.1/tcp/" + silent.getLocalPort())));
      var first = silent.accept();
      dial.add(peer.addresses());
      dial.add(peer.addresses()); // known already
      first.close();
      assertThatThrownBy(dial::await)
          .isInstanceOf(DialException.class)
          .matches(GrowingDial::foundAnotherPeer);
    }
  }
}
