package dev.warren.libp2p.dht;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.libp2p.dht.routing.Contact;
import dev.warren.libp2p.dht.routing.Key;
import dev.warren.libp2p.dht.routing.RoutingTable;
import dev.warren.libp2p.host.Connection;
import dev.warren.libp2p.host.Eventually;
import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.host.Limits;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.transport.ManualTime;
import dev.warren.libp2p.transport.memory.MemoryTransport;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class NeighboursTest {
  private final Random random = new Random(4);
  private final Key self = Contacts.random(random).key();
  private final Table table = new Table(new RoutingTable(self, RoutingTable.Settings.PLAIN));
  private final Set<PeerId> kept = new HashSet<>();
  private final Neighbours neighbours =
      new Neighbours(
          table,
          self,
          peer -> assertThat(kept.add(peer)).isTrue(),
          peer -> assertThat(kept.remove(peer)).isTrue());
  private final List<Contact> contacts =
      Stream.generate(() -> Contacts.random(random))
          .limit(60)
          .sorted(Comparator.comparing(Contact::key, self::compareDistances))
          .toList();

  private void meet(List<Contact> some) {
    some.forEach(contact -> table.tell(peers -> peers.answered(contact, 0)));
    neighbours.update();
  }

  @Test
  void theTwentyNearestAreKept() {
    meet(contacts.subList(0, 15));
    assertThat(kept).hasSize(15);
    meet(contacts.subList(15, 60));
    assertThat(kept).isEqualTo(peers(0, 20));
  }

  @Test
  void whoComesNearerTakesThePlaceOfTheFarthest() {
    meet(contacts.subList(1, 40));
    assertThat(kept).isEqualTo(peers(1, 21));
    meet(contacts.subList(0, 1));
    assertThat(kept).isEqualTo(peers(0, 20));
  }

  @Test
  void whoDoesNotAnswerIsLetGo() {
    meet(contacts);
    table.tell(peers -> peers.failed(contacts.get(3).key(), 1));
    neighbours.update();
    assertThat(kept).hasSize(20).doesNotContain(contacts.get(3).peer());
  }

  @Test
  void inTheEndNobodyIsKept() {
    meet(contacts);
    neighbours.close();
    assertThat(kept).isEmpty();
    neighbours.update();
    assertThat(kept).isEmpty();
  }

  @Test
  @Timeout(60)
  void connectionsToThemAreTheLastToBeClosed() throws Exception {
    var network = new DhtNetwork("/test/kad/1.0.0", Reach.ANY);
    var transport = new MemoryTransport();
    var time = new ManualTime();
    var servers = new ArrayList<Host>();
    try (Host host =
            Host.builder().transport(transport).time(time).limits(withWatermarks(2, 4)).start();
        Dht dht = Dht.on(host).network(network).refreshInterval(Duration.ofHours(1)).start()) {
      for (int i = 1; i <= 22; i++) {
        Host server = Host.builder().transport(transport).listen("/memory/0").start();
        servers.add(server);
        Dht.on(server).network(network).mode(Mode.SERVER).start();
        host.dial(server.addressesWithPeer().getFirst());
        int known = i;
        Eventually.check(() -> dht.size() == known);
      }
      for (int seconds = 0; seconds < 60; seconds += 5) { // connections want answers to their pings
        time.advance(Duration.ofSeconds(5));
        host.connections().forEach(NeighboursTest::ping);
      }
      Key own = Key.of(host.peerId());
      Eventually.check(() -> host.connections().size() == 20);
      assertThat(host.connections())
          .extracting(Connection::remotePeer)
          .containsExactlyInAnyOrderElementsOf(
              servers.stream()
                  .map(Host::peerId)
                  .sorted(Comparator.comparing(Key::of, own::compareDistances))
                  .limit(20)
                  .toList());
    } finally {
      servers.forEach(Host::close);
    }
  }

  private static void ping(Connection connection) {
    try {
      connection.ping();
    } catch (IOException e) {
      // one of those that are closed
    }
  }

  private static Limits withWatermarks(int low, int high) {
    return new Limits(
        100, 8, 64, Duration.ofSeconds(10), 100, 100, 1 << 20, low, high, Duration.ofHours(1));
  }

  private Set<PeerId> peers(int from, int to) {
    return new HashSet<>(contacts.subList(from, to).stream().map(Contact::peer).toList());
  }
}
