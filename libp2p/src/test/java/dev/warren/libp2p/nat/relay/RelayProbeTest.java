package dev.warren.libp2p.nat.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.nat.relay.RelayDistance.Miss;
import dev.warren.libp2p.nat.relay.RelayDistance.Near;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Over real sockets on the loopback interface. */
@Timeout(60)
class RelayProbeTest {
  private final PeerId peer = PrivateKey.generate(KeyType.ED25519).peerId();

  @Test
  void whereNobodyListensNobodyIsReached() throws Exception {
    assertThat(missesAt("/ip4/127.0.0.1/tcp/9")).isEqualTo(Map.of(peer, Miss.UNREACHED));
  }

  @Test
  void whoAcceptsAndHangsUpHasAnswered() throws Exception {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual()
          .start(
              new FutureTask<Void>(
                  () -> {
                    while (true) {
                      socket.accept().close();
                    }
                  }));

      assertThat(missesAt("/ip4/127.0.0.1/tcp/" + socket.getLocalPort()))
          .isEqualTo(Map.of(peer, Miss.BROKE_OFF));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/ip4/127.0.0.1/tcp/0", "/ip4/127.0.0.1/udp/0/quic-v1"})
  void anotherPeerHasAnswered(String address) throws Exception {
    try (Host other = Host.builder().quic().listen(address).start()) {
      assertThat(missesAt(other.addresses().getFirst().toString()))
          .isEqualTo(Map.of(peer, Miss.BROKE_OFF));
    }
  }

  private Map<PeerId, Miss> missesAt(String address) throws Exception {
    Map<PeerId, Miss> misses = new HashMap<>();
    try (Host host = Host.builder().quic().start()) {
      var probe = new RelayProbe(host, _ -> List.of(Multiaddr.parse(address)));
      List<Near> near = probe.nearest(List.of(peer), misses::put);
      assertThat(near).isEmpty();
    }
    return misses;
  }
}
