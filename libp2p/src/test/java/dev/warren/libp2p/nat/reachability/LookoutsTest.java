package dev.warren.libp2p.nat.reachability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.libp2p.host.Connection;
import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.multiformats.Protocol;
import dev.warren.libp2p.transport.ManualTime;
import dev.warren.libp2p.transport.tcp.TcpTransport;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LookoutsTest {
  private static final long AFTER = Lookouts.PAUSE.toNanos();

  private final Semaphore changes = new Semaphore(0);
  private final List<Host> open = new ArrayList<>();

  @AfterEach
  void closeAll() {
    open.reversed().forEach(Host::close);
  }

  @Test
  void whoHasJustSeenUsIsAskedAgainBeforeThatIsForgotten() throws Exception {
    Host host = started(Host.builder().time(new ManualTime()).quic().start());
    Lookouts lookouts = new Lookouts(host, _ -> true, changes::release);
    List<Connection> met = meet(host, 4);

    lookouts.update(met, 0);
    awaitChanges(Lookouts.WANTED);
    Set<InetAddress> asked = Set.copyOf(lookouts.ips());
    lookouts.update(met, AFTER - 1);

    assertThat(asked).hasSize(Lookouts.WANTED);
    assertThat(lookouts.ips()).as("no others instead").containsExactlyInAnyOrderElementsOf(asked);
    lookouts.update(met, AFTER);
    awaitChanges(Lookouts.WANTED);
    lookouts.update(List.of(), 2 * AFTER);
    assertThat(lookouts.ips()).isEmpty();
  }

  @Test
  void othersAreAskedInPlaceOfThoseWhoDoNotAnswer() throws Exception {
    Host host = started(Host.builder().transport(new TcpTransport(true)).start()); // without QUIC
    Lookouts lookouts = new Lookouts(host, _ -> true, changes::release);
    List<Connection> met = meet(host, 4);

    lookouts.update(met, 0);
    awaitChanges(Lookouts.WANTED);
    lookouts.update(met, 1);

    assertThat(lookouts.ips()).hasSize(4);
  }

  @Test
  void nothingIsSentToOthersWhomAPeerNames() throws Exception {
    Host host = started(Host.builder().start());
    Lookouts lookouts = new Lookouts(host, ip -> !ip.isLoopbackAddress(), changes::release);
    PeerId peer = PrivateKey.generate(KeyType.ED25519).peerId();
    host.peerstore()
        .addAddresses(
            peer,
            Stream.of(
                    "/ip4/11.0.0.1/tcp/4001",
                    "/ip4/11.0.0.1/udp/4001/quic-v1",
                    "/ip4/11.0.0.1/udp/4002/quic-v1",
                    "/ip4/11.0.0.2/udp/4001/quic-v1",
                    "/ip4/127.0.0.1/udp/4001/quic-v1",
                    "/ip6/2600::1/udp/4001/quic-v1",
                    "/ip6/2600::2/udp/4001/quic-v1",
                    "/ip6/2600::3/udp/4001/quic-v1")
                .map(Multiaddr::parse)
                .toList());

    assertThat(lookouts.addresses(peer, InetAddress.ofLiteral("11.0.0.1")))
        .as("one where it is, and one of the other family")
        .hasSize(2)
        .allMatch(it -> it.has(Protocol.QUIC_V1))
        .first()
        .matches(it -> it.toString().startsWith("/ip4/11.0.0.1/udp/"));
    assertThat(lookouts.addresses(peer, InetAddress.ofLiteral("2600::3")))
        .hasSize(2)
        .last()
        .hasToString("/ip6/2600::3/udp/4001/quic-v1");
  }

  private void awaitChanges(int count) throws InterruptedException {
    assertThat(changes.tryAcquire(count, 20, TimeUnit.SECONDS)).isTrue();
  }

  /** Dials so many peers over TCP, each at an IP address of its own. */
  private List<Connection> meet(Host host, int count) throws IOException {
    List<Connection> met = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      String ip = "/ip4/127.0.0." + i;
      Host peer =
          started(Host.builder().quic().listen(ip + "/tcp/0", ip + "/udp/0/quic-v1").start());
      host.peerstore().addAddresses(peer.peerId(), peer.addresses());
      met.add(
          host.dial(
              peer.addressesWithPeer().stream()
                  .filter(it -> it.has(Protocol.TCP))
                  .findFirst()
                  .orElseThrow()));
    }
    return met;
  }

  private Host started(Host host) {
    open.add(host);
    return host;
  }
}
