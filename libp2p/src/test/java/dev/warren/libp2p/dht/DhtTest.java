package dev.warren.libp2p.dht;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.libp2p.dht.record.InvalidRecordException;
import dev.warren.libp2p.dht.record.PublicKeyValidator;
import dev.warren.libp2p.dht.record.Value;
import dev.warren.libp2p.dht.record.WarrenRecord;
import dev.warren.libp2p.dht.routing.Contact;
import dev.warren.libp2p.dht.routing.Key;
import dev.warren.libp2p.dht.routing.Target;
import dev.warren.libp2p.host.Eventually;
import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.multiformats.Multihash;
import dev.warren.libp2p.transport.memory.MemoryTransport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Real hosts, joined by nothing but memory. */
class DhtTest {
  private static final int NODES = 30;
  private static final DhtNetwork NETWORK = new DhtNetwork("/test/kad/1.0.0", Reach.ANY);

  private static final MemoryTransport transport = new MemoryTransport();
  private static final List<Host> hosts = new ArrayList<>();
  private static final List<Dht> nodes = new ArrayList<>();

  private final List<Host> ownHosts = new ArrayList<>();
  private final List<Dht> ownNodes = new ArrayList<>();

  @BeforeAll
  static void join() throws IOException {
    for (int i = 0; i < NODES; i++) {
      Host host = host();
      hosts.add(host);
      nodes.add(Dht.on(host).network(NETWORK).mode(Mode.SERVER).start());
      if (i > 0) {
        nodes.get(i).bootstrap(hosts.getFirst().addressesWithPeer());
      }
    }
  }

  @AfterAll
  static void leave() {
    nodes.forEach(Dht::close);
    hosts.forEach(Host::close);
  }

  @AfterEach
  void leaveAgain() {
    ownNodes.forEach(Dht::close);
    ownHosts.forEach(Host::close);
  }

  @Test
  void everybodyGetsToKnowEverybodyNear() throws IOException {
    for (int i : List.of(0, 7, 29)) {
      Target target = key("near " + i);
      assertThat(nodes.get(i).closestPeers(target).stream().map(Contact::peer))
          .containsExactlyElementsOf(
              hosts.stream()
                  .map(Host::peerId)
                  .filter(peer -> !peer.equals(hosts.get(i).peerId()))
                  .sorted(Comparator.comparing(Key::of, target.key()::compareDistances))
                  .limit(20)
                  .toList());
    }
  }

  @Test
  void aPeerIsFoundByItsId() throws IOException {
    Dht client = node(Mode.CLIENT);
    client.bootstrap(hosts.get(3).addressesWithPeer());
    Contact found = client.findPeer(hosts.get(20).peerId()).orElseThrow();
    assertThat(found.addresses()).containsAll(hosts.get(20).addresses());
  }

  @Test
  void whatIsProvidedIsFoundOnSeveralPaths() throws IOException {
    Host host = host();
    ownHosts.add(host);
    Dht careful = Dht.on(host).network(NETWORK).paths(4).start();
    ownNodes.add(careful);
    careful.bootstrap(hosts.get(3).addressesWithPeer());
    nodes.get(14).provide(key("on several paths"));
    assertThat(careful.findProviders(key("on several paths"), 1, _ -> {})).hasSize(1);
    assertThat(careful.closestPeers(key("on several paths"))).hasSize(20);
  }

  @Test
  void nobodyFindsAPeerThatThereIsNot() throws IOException {
    assertThat(nodes.get(5).findPeer(PrivateKey.generate(KeyType.ED25519).peerId())).isEmpty();
  }

  @Test
  void whatIsProvidedIsFound() throws IOException {
    Stored stored = nodes.get(4).provide(key("provided"));
    assertThat(stored.stored()).isGreaterThanOrEqualTo(15).isLessThanOrEqualTo(stored.asked());
    var told = new ArrayList<Contact>();
    List<Contact> found = nodes.get(17).findProviders(key("provided"), 10, told::add);
    assertThat(found).extracting(Contact::peer).containsExactly(hosts.get(4).peerId());
    assertThat(found.getFirst().addresses()).isEqualTo(hosts.get(4).addresses());
    assertThat(told).extracting(Contact::peer).containsExactly(hosts.get(4).peerId());
  }

  @Test
  void eachProviderIsToldOfOnceAndNoMoreThanWanted() throws IOException {
    for (int i = 0; i < 5; i++) {
      nodes.get(i).provide(key("many"));
    }
    var told = new ArrayList<Contact>();
    assertThat(nodes.get(9).findProviders(key("many"), 100, told::add)).hasSize(5);
    assertThat(told).extracting(Contact::peer).doesNotHaveDuplicates().hasSize(5);
    assertThat(nodes.get(10).findProviders(key("many"), 2, _ -> {})).hasSize(2);
  }

  @Test
  void aClientProvidesAndIsFoundButIsInNoTable() throws IOException {
    Dht client = node(Mode.CLIENT);
    Host host = ownHosts.getLast();
    client.bootstrap(hosts.get(2).addressesWithPeer());
    assertThat(host.protocols()).doesNotContain(NETWORK.protocol());
    client.provide(key("of a client"));
    assertThat(nodes.get(8).findProviders(key("of a client"), 1, _ -> {}))
        .extracting(Contact::peer)
        .containsExactly(host.peerId());
    for (Dht node : nodes) {
      assertThat(node.snapshot()).extracting(Contact::peer).doesNotContain(host.peerId());
    }
    assertThat(nodes.get(11).findPeer(host.peerId())).isPresent();
  }

  @Test
  void aServerThatBecomesAClientIsForgottenAndTheOtherWayRound() throws IOException {
    var network = new DhtNetwork("/empty/kad/1.0.0", Reach.ANY); // there is room in all tables
    Host other = host();
    ownHosts.add(other);
    Dht table = Dht.on(other).network(network).mode(Mode.SERVER).start();
    ownNodes.add(table);
    Host host = host();
    ownHosts.add(host);
    Dht node = Dht.on(host).network(network).mode(Mode.SERVER).start();
    ownNodes.add(node);
    node.bootstrap(other.addressesWithPeer());
    Eventually.check(() -> knows(table, host));
    node.setMode(Mode.CLIENT);
    Eventually.check(() -> !knows(table, host));
    node.setMode(Mode.SERVER);
    Eventually.check(() -> knows(table, host));
  }

  @Test
  void theNewestValueIsFoundAndReplacesOlderOnes() throws IOException {
    PrivateKey owner = PrivateKey.generate(KeyType.ED25519);
    Target key = WarrenRecord.key(owner.peerId(), "news");
    nodes.get(1).putValue(key, value(owner, 1));
    assertThat(nodes.get(2).getValue(key)).hasValue(value(owner, 1));
    nodes.get(3).putValue(key, value(owner, 2));
    assertThat(nodes.get(4).getValue(key)).hasValue(value(owner, 2));
    // Somebody who still has the old one does not spread it.
    nodes.get(5).putValue(key, value(owner, 1));
    assertThat(nodes.get(6).getValue(key)).hasValue(value(owner, 2));
  }

  @Test
  void valuesThatProveNothingAreNotStored() {
    PrivateKey owner = PrivateKey.generate(KeyType.ED25519);
    Target other = WarrenRecord.key(owner.peerId(), "another");
    assertThatThrownBy(() -> nodes.get(1).putValue(other, value(owner, 1)))
        .isInstanceOf(InvalidRecordException.class);
    assertThatThrownBy(() -> nodes.get(1).getValue(Target.ofValue("unknown", new byte[] {1})))
        .isInstanceOf(InvalidRecordException.class)
        .hasMessageContaining("warren");
  }

  @Test
  void keysOfPeersAreValues() throws IOException {
    PrivateKey owner = PrivateKey.generate(KeyType.SECP256K1);
    var value = Value.of(owner.publicKey().toProtobuf());
    nodes.get(1).putValue(PublicKeyValidator.key(owner.peerId()), value);
    assertThat(nodes.get(2).getValue(PublicKeyValidator.key(owner.peerId()))).hasValue(value);
  }

  @Test
  void whoHasBeenOnlineOnceComesBackByItself() throws IOException {
    Dht first = node(Mode.CLIENT);
    first.bootstrap(hosts.get(6).addressesWithPeer());
    List<Contact> snapshot = first.snapshot();
    first.close();

    Host host = host();
    ownHosts.add(host);
    Dht second = Dht.on(host).network(NETWORK).known(snapshot).start();
    ownNodes.add(second);
    nodes.get(12).provide(key("again"));
    assertThat(second.findProviders(key("again"), 1, _ -> {})).hasSize(1);
  }

  @Test
  void whatIsKeptProvidedIsProvidedAgainInTime() throws IOException {
    Host host = host();
    ownHosts.add(host);
    Dht node = Dht.on(host).network(NETWORK).reprovideInterval(Duration.ofMillis(200)).start();
    ownNodes.add(node);
    node.bootstrap(hosts.getFirst().addressesWithPeer());
    for (int i = 0; i < 6; i++) { // so that the size of the network is known
      node.closestPeers(key("kept, before " + i));
    }
    List<Target> keys = Stream.iterate(0, i -> i + 1).limit(20).map(i -> key("kept " + i)).toList();
    for (Target key : keys) {
      node.keepProviding(key);
    }
    assertThat(node.stats().providing()).isEqualTo(20);
    // A peer that comes later gets them as well.
    Dht late = node(Mode.SERVER);
    late.bootstrap(hosts.get(9).addressesWithPeer());
    Eventually.check(() -> late.stats().providerRecords() >= 5);
    keys.forEach(node::stopProviding);
    assertThat(node.stats().providing()).isZero();
  }

  @Test
  void whoFailedIsAskedAgainWhenThereIsNobodyElse() throws IOException {
    PrivateKey identity = PrivateKey.generate(KeyType.ED25519);
    Dht client = node(Mode.CLIENT);
    Host before = server(identity);
    client.bootstrap(before.addressesWithPeer());
    before.close();
    assertThat(client.closestPeers(key("gone"))).isEmpty();
    Host after = server(identity);
    // Not at once: a refresh that dialed it while it was away may be under way still.
    Eventually.check(() -> peersNear(client, "back").equals(List.of(after.peerId())));
  }

  @Test
  void whoOnlyRemembersPeersHasNotJoined() throws IOException {
    Contact gone =
        Contact.of(
            PrivateKey.generate(KeyType.ED25519).peerId(), List.of(Multiaddr.parse("/memory/1")));
    Host host = host();
    ownHosts.add(host);
    Dht node = Dht.on(host).network(NETWORK).known(List.of(gone)).start();
    ownNodes.add(node);
    assertThatThrownBy(() -> node.bootstrap(List.of()))
        .isInstanceOf(NoPeersException.class)
        .hasMessageContaining("online");
    node.bootstrap(hosts.get(3).addressesWithPeer());
    assertThat(node.closestPeers(key("back"))).isNotEmpty();
  }

  @Test
  void withoutAnybodyTheErrorSaysWhatToDo() throws IOException {
    Dht alone = node(Mode.CLIENT);
    assertThatThrownBy(() -> alone.provide(key("alone")))
        .isInstanceOf(NoPeersException.class)
        .hasMessageContaining("bootstrap");
    assertThatThrownBy(() -> alone.bootstrap(List.of(Multiaddr.parse("/memory/1"))))
        .isInstanceOf(NoPeersException.class)
        .hasMessageContaining(NETWORK.protocol());
  }

  @Test
  void networksHaveNothingToDoWithEachOther() throws IOException {
    Host host = hosts.get(1);
    var other = new DhtNetwork("/other/kad/1.0.0", Reach.ANY);
    Dht node = Dht.on(host).network(other).mode(Mode.SERVER).start();
    ownNodes.add(node);
    assertThatThrownBy(() -> node.bootstrap(hosts.get(2).addressesWithPeer()))
        .isInstanceOf(NoPeersException.class);
    assertThat(host.protocols()).contains(other.protocol(), NETWORK.protocol());
    assertThat(node.size()).isZero();
  }

  @Test
  void statsSayHowManyThereAre() throws IOException {
    Dht node = nodes.get(13);
    for (int i = 0; i < 5; i++) {
      node.closestPeers(key("stats " + i));
    }
    DhtStats stats = node.stats();
    assertThat(stats.protocol()).isEqualTo(NETWORK.protocol());
    assertThat(stats.mode()).isEqualTo(Mode.SERVER);
    assertThat(stats.peers()).isGreaterThanOrEqualTo(20);
    assertThat(stats.networkSize().orElseThrow()).isBetween(15L, 60L);
    assertThat(stats.answered()).isPositive();
    assertThat(stats.answers()).isPositive().isLessThanOrEqualTo(stats.questions());
  }

  @Test
  void questionsThatNobodyAnswersAreCounted() throws IOException {
    var network = new DhtNetwork("/small/kad/1.0.0", Reach.ANY);
    Host host = host();
    ownHosts.add(host);
    Dht node = Dht.on(host).network(network).start();
    ownNodes.add(node);
    Host other = host();
    ownHosts.add(other);
    ownNodes.add(Dht.on(other).network(network).mode(Mode.SERVER).start());
    node.bootstrap(other.addressesWithPeer());
    assertThat(node.stats().answers()).isPositive();
    other.close();
    node.closestPeers(key("of nobody"));
    DhtStats stats = node.stats();
    assertThat(stats.questions()).isGreaterThan(stats.answers());
  }

  private static boolean knows(Dht node, Host host) {
    return node.snapshot().stream().anyMatch(contact -> contact.peer().equals(host.peerId()));
  }

  private static Value value(PrivateKey owner, long sequence) {
    var text = Value.of(("value " + sequence).getBytes(StandardCharsets.UTF_8));
    var expires = Instant.parse("2100-01-01T00:00:00Z");
    return new WarrenRecord(owner.peerId(), "news", sequence, expires, text).seal(owner);
  }

  private static Target key(String text) {
    return Target.of(Multihash.sha256(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static List<PeerId> peersNear(Dht node, String what) {
    try {
      return node.closestPeers(key(what)).stream().map(Contact::peer).toList();
    } catch (IOException e) {
      return List.of(); // there is nobody to ask
    }
  }

  private Dht node(Mode mode) throws IOException {
    Host host = host();
    ownHosts.add(host);
    Dht node = Dht.on(host).network(NETWORK).mode(mode).start();
    ownNodes.add(node);
    return node;
  }

  private Host server(PrivateKey identity) throws IOException {
    Host host =
        Host.builder().identity(identity).transport(transport).listen("/memory/4711").start();
    ownHosts.add(host);
    ownNodes.add(Dht.on(host).network(NETWORK).mode(Mode.SERVER).start());
    return host;
  }

  private static Host host() throws IOException {
    return Host.builder().transport(transport).listen("/memory/0").start();
  }
}
