package dev.warren.libp2p.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.libp2p.discovery.Bus.Machine;
import dev.warren.libp2p.discovery.DnsMessage.Data;
import dev.warren.libp2p.discovery.DnsMessage.Question;
import dev.warren.libp2p.discovery.DnsMessage.ResourceRecord;
import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.transport.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MdnsDiscoveryTest {
  private static final PeerId ALICE = PrivateKey.generate(KeyType.ED25519).peerId();
  private static final PeerId BOB = PrivateKey.generate(KeyType.ED25519).peerId();
  private static final ServiceName WARREN = ServiceName.of("_warren._udp");

  private final Bus bus = new Bus();
  private final ManualTime time = new ManualTime();
  private final Machine alices = bus.machine(Bus.face("lan", "192.168.1.10/24", "fd00::10/64"));
  private final Machine bobs = bus.machine(Bus.face("lan", "192.168.1.20/24"));
  private List<Multiaddr> aliceListens = addresses("/ip4/192.168.1.10/tcp/4001");
  private final List<Multiaddr> bobListens = addresses("/ip4/192.168.1.20/tcp/4001");

  @Test
  void aNewNodeIsToldOfThoseThatAreThereAndTheyOfIt() throws Exception {
    MdnsDiscovery alice = alice();
    Found byAlice = new Found();
    alice.announce(ServiceName.LIBP2P);
    alice.find(ServiceName.LIBP2P, byAlice);
    time.advance(Duration.ofHours(1));

    MdnsDiscovery bob = bob();
    Found byBob = new Found();
    bob.announce(ServiceName.LIBP2P);
    bob.find(ServiceName.LIBP2P, byBob);
    assertThat(byAlice.peers).containsExactly(Map.entry(BOB, bobListens));
    assertThat(byBob.peers).isEmpty();

    time.advance(Duration.ofMillis(120));
    assertThat(byBob.peers).containsExactly(Map.entry(ALICE, aliceListens));
  }

  @Test
  void nodesThatBeginInTheSameMomentFindEachOther() throws Exception {
    MdnsDiscovery alice = alice();
    Found byAlice = new Found();
    MdnsDiscovery bob = bob();
    Found byBob = new Found();
    alice.announce(ServiceName.LIBP2P);
    alice.find(ServiceName.LIBP2P, byAlice);
    bob.announce(ServiceName.LIBP2P);
    bob.find(ServiceName.LIBP2P, byBob);

    time.advance(Duration.ofMillis(250));
    assertThat(byAlice.peers).containsOnlyKeys(BOB);
    assertThat(byBob.peers).containsOnlyKeys(ALICE);
  }

  @Test
  void aPeerIsToldOfOnceUntilItHasANewAddress() throws Exception {
    Found found = new Found();
    bob().find(ServiceName.LIBP2P, found);
    MdnsDiscovery alice = alice();
    alice.announce(ServiceName.LIBP2P);
    time.advance(Duration.ofMinutes(10));
    assertThat(found.calls).isEqualTo(1);

    aliceListens = addresses("/ip4/192.168.1.10/tcp/4001", "/ip4/192.168.1.10/udp/4001/quic-v1");
    alice.addressesChanged();
    assertThat(found.calls).isEqualTo(2);
    assertThat(found.peers).containsEntry(ALICE, aliceListens);
  }

  @Test
  void addressesThatChangeAreNoticedWithoutBeingTold() throws Exception {
    Found found = new Found();
    bob().find(ServiceName.LIBP2P, found);
    alice().announce(ServiceName.LIBP2P);
    aliceListens = addresses("/ip4/192.168.1.10/tcp/4002");

    time.advance(Duration.ofSeconds(5));
    assertThat(found.peers.get(ALICE)).contains(aliceListens.getFirst());
  }

  @Test
  void anotherNetworkIsAskedAsSoonAsItIsNoticed() throws Exception {
    Machine carol = bus.machine(Bus.face("wifi", "10.0.0.7/8"));
    PeerId carolId = PrivateKey.generate(KeyType.ED25519).peerId();
    node(carol, carolId, addresses("/ip4/10.0.0.7/tcp/1")).announce(ServiceName.LIBP2P);
    Found found = new Found();
    bob().find(ServiceName.LIBP2P, found);
    time.advance(Duration.ofMinutes(2));
    assertThat(found.peers).isEmpty();

    bobs.faces = List.of(Bus.face("wifi", "10.0.0.8/8"));
    time.advance(Duration.ofMillis(5_250));
    assertThat(found.peers).containsOnlyKeys(carolId);
  }

  @Test
  void aPeerThatSaidGoodbyeIsNewsAgain() throws Exception {
    Found found = new Found();
    bob().find(ServiceName.LIBP2P, found);
    alice().announce(ServiceName.LIBP2P).close();
    assertThat(bus.sent.getLast().message().answers())
        .singleElement()
        .satisfies(record -> assertThat(record.ttlSeconds()).isZero());
    time.advance(Duration.ofSeconds(10));
    assertThat(found.calls).isEqualTo(1);

    alice().announce(ServiceName.LIBP2P);
    assertThat(found.calls).isEqualTo(2);
  }

  @Test
  void aClosedNodeSaysGoodbyeAndThenNothing() throws Exception {
    MdnsDiscovery alice = alice();
    alice.announce(ServiceName.LIBP2P);
    alice.find(ServiceName.LIBP2P, new Found());
    alice.close();
    assertThat(bus.sent.getLast().message().answers().getFirst().ttlSeconds()).isZero();
    bus.takeSent();

    ask(new Question(ServiceName.LIBP2P.question(), DnsMessage.TYPE_PTR));
    time.advance(Duration.ofHours(1));
    assertThat(bus.takeSent()).isEmpty();
    assertThat(time.timers()).isZero();
  }

  @Test
  void aSearchThatIsClosedAsksAndHearsNoMore() throws Exception {
    Found found = new Found();
    MdnsDiscovery bob = bob();
    bob.find(ServiceName.LIBP2P, found).close();
    bus.takeSent();

    alice().announce(ServiceName.LIBP2P);
    time.advance(Duration.ofMinutes(5));
    assertThat(found.calls).isZero();
    assertThat(bus.takeSent()).noneMatch(message -> !message.response());
  }

  @Test
  void theNetworkIsAskedLessAndLessOften() throws Exception {
    bob().find(ServiceName.LIBP2P, new Found());
    time.advance(Duration.ofSeconds(60));
    assertThat(bus.takeSent().size()).isBetween(5, 6);

    time.advance(Duration.ofMinutes(60));
    assertThat(bus.takeSent().size()).isBetween(48, 61);
  }

  @Test
  void manyNodesAskHardlyMoreOftenThanOne() throws Exception {
    for (int i = 1; i <= 20; i++) {
      String ip = "192.168.1." + (100 + i);
      node(bus.machine(Bus.face("lan", ip + "/24")), BOB, List.of())
          .find(ServiceName.LIBP2P, new Found());
    }
    time.advance(Duration.ofMinutes(5));
    bus.takeSent();

    time.advance(Duration.ofMinutes(60));
    assertThat(bus.takeSent().size()).isLessThan(70);
  }

  @Test
  void whoeverAsksWithoutEndIsAnsweredFourTimesASecond() throws Exception {
    alice().announce(ServiceName.LIBP2P);
    time.advance(Duration.ofMinutes(1));
    bus.takeSent();

    for (int i = 0; i < 1_000; i++) {
      ask(new Question(ServiceName.LIBP2P.question(), DnsMessage.TYPE_PTR));
      time.advance(Duration.ofMillis(1));
    }
    assertThat(bus.takeSent().size()).isBetween(3, 5);
  }

  @Test
  void whoeverKnowsTheAnswerGetsNone() throws Exception {
    alice().announce(ServiceName.LIBP2P);
    ResourceRecord pointer = bus.sent.getFirst().message().answers().getFirst();
    time.advance(Duration.ofMinutes(1));
    bus.takeSent();

    ask(question(), new ResourceRecord(pointer.name(), 60, pointer.data()));
    time.advance(Duration.ofSeconds(1));
    assertThat(bus.takeSent()).isEmpty();

    ask(question(), new ResourceRecord(pointer.name(), 59, pointer.data()));
    time.advance(Duration.ofSeconds(1));
    assertThat(bus.takeSent()).hasSize(1);
  }

  @Test
  void theAnswerHasWhatEachImplementationLooksFor() throws Exception {
    aliceListens =
        addresses(
            "/ip4/192.168.1.10/tcp/4001", "/ip6/fd00::10/tcp/4002", "/ip4/127.0.0.1/tcp/4001");
    alice().announce(ServiceName.LIBP2P);
    DnsMessage message = bus.takeSent().getFirst();

    assertThat(message.response()).isTrue();
    assertThat(message.questions()).isEmpty(); // rust takes any with a question for a query
    ResourceRecord pointer = message.answers().getFirst();
    assertThat(message.answers()).hasSize(1); // js takes the last pointer only
    assertThat(pointer.name()).isEqualTo(DnsName.of("_p2p._udp.local"));
    assertThat(pointer.ttlSeconds()).isEqualTo(120);
    DnsName instance = ((Data.Pointer) pointer.data()).target();
    assertThat(instance.toString()).matches("[a-z0-9]{32}\\._p2p\\._udp\\.local");

    DnsName host = DnsName.of("p2p.local").child(instance.labels().getFirst());
    assertThat(message.additionals())
        .containsExactly( // go reads the last text, and nothing without an address
            new ResourceRecord(instance, 120, new Data.Service(4001, host)),
            new ResourceRecord(
                instance,
                120,
                new Data.Text(
                    List.of(
                        "dnsaddr=/ip4/192.168.1.10/tcp/4001/p2p/" + ALICE,
                        "dnsaddr=/ip6/fd00::10/tcp/4002/p2p/" + ALICE))),
            new ResourceRecord(host, 120, new Data.Address(Bus.ip("192.168.1.10"))),
            new ResourceRecord(host, 120, new Data.Address(Bus.ip("fd00::10"))));
  }

  @Test
  void toolsGetTheirQuestionsAnswered() throws Exception {
    alice().announce(WARREN.subtype("mfrgg"));
    DnsMessage announcement = bus.takeSent().getFirst();
    time.advance(Duration.ofSeconds(10));
    bus.takeSent();

    DnsName instance = announcement.additionals().getFirst().name();
    DnsName host = announcement.additionals().getLast().name();
    for (Question question :
        List.of(
            new Question(instance, DnsMessage.TYPE_TXT),
            new Question(instance, DnsMessage.TYPE_SRV),
            new Question(host, DnsMessage.TYPE_A),
            new Question(WARREN.subtype("mfrgg").question(), DnsMessage.TYPE_ANY))) {
      ask(question);
      time.advance(Duration.ofSeconds(1));
      assertThat(bus.takeSent()).containsExactly(announcement);
    }

    ask(new Question(DnsName.of("_services._dns-sd._udp.local"), DnsMessage.TYPE_PTR));
    time.advance(Duration.ofSeconds(1));
    assertThat(bus.takeSent())
        .flatExtracting(DnsMessage::answers)
        .extracting(ResourceRecord::data)
        .containsExactly(new Data.Pointer(DnsName.of("_warren._udp.local")));
  }

  @Test
  void onlyThoseThatAnnouncedANameAreFoundUnderIt() throws Exception {
    alice().announce(WARREN.subtype("mfrgg"));
    bob().announce(WARREN.subtype("mzxw6"));
    MdnsDiscovery carol = node(bus.machine(Bus.face("lan", "192.168.1.30/24")), peer(), List.of());
    bus.takeSent();

    Found found = new Found();
    Found others = new Found();
    carol.find(WARREN.subtype("mfrgg"), found);
    carol.find(ServiceName.LIBP2P, others);
    time.advance(Duration.ofMillis(250));
    assertThat(found.peers).containsOnlyKeys(ALICE);
    assertThat(others.peers).isEmpty();
    assertThat(bus.takeSent()).filteredOn(DnsMessage::response).hasSize(1);
  }

  @Test
  void addressesOfOneInterfaceAreNotToldOnAnother() throws Exception {
    alices.faces =
        List.of(
            Bus.face("lan", "192.168.1.10/24"),
            Bus.face("lo", "127.0.0.1/8"),
            Bus.face("containers", "172.17.0.1/16"));
    aliceListens =
        addresses("/ip4/192.168.1.10/tcp/1", "/ip4/127.0.0.1/tcp/1", "/ip4/203.0.113.1/tcp/1");
    alice().announce(ServiceName.LIBP2P);

    assertThat(bus.sent).extracting(Bus.Sent::network).containsExactly("lan", "lo");
    assertThat(strings(bus.sent.get(0).message()))
        .containsExactly("dnsaddr=/ip4/192.168.1.10/tcp/1/p2p/" + ALICE);
    assertThat(strings(bus.sent.get(1).message()))
        .containsExactly("dnsaddr=/ip4/127.0.0.1/tcp/1/p2p/" + ALICE);
  }

  @Test
  void manyAddressesAreSpreadOverMessagesThatFitAPacket() throws Exception {
    aliceListens =
        IntStream.range(1, 100)
            .mapToObj(port -> Multiaddr.parse("/ip6/fd00::10/udp/" + port + "/quic-v1"))
            .toList();
    Found found = new Found();
    bobs.faces = List.of(Bus.face("lan", "192.168.1.20/24", "fd00::20/64"));
    bob().find(ServiceName.LIBP2P, found);
    bus.takeSent();
    alice().announce(ServiceName.LIBP2P);

    assertThat(bus.takeSent())
        .hasSizeGreaterThan(1)
        .allSatisfy(message -> assertThat(DnsWriter.write(message)).hasSizeLessThan(1232))
        .allSatisfy(message -> assertThat(message.answers()).hasSize(1));
    assertThat(found.peers.get(ALICE)).isEqualTo(aliceListens.subList(0, 32));
  }

  @Test
  void relayedAddressesAreNotTold() throws Exception {
    aliceListens = addresses("/ip4/192.168.1.10/tcp/1/p2p/" + BOB + "/p2p-circuit");
    alice().announce(ServiceName.LIBP2P);
    assertThat(bus.takeSent()).isEmpty();
  }

  @Test
  void aNetworkThatIsBlockedIsReportedAndLaterUsed() throws Exception {
    bobs.failure = "Operation not permitted";
    MdnsDiscovery bob = bob();
    Found found = new Found();
    bob.announce(ServiceName.LIBP2P);
    bob.find(ServiceName.LIBP2P, found);
    time.advance(Duration.ofMinutes(1));
    assertThat(bob.problem()).hasValue("Operation not permitted");

    alice().announce(ServiceName.LIBP2P);
    bobs.failure = "";
    time.advance(Duration.ofMillis(5_250));
    assertThat(bob.problem()).isEmpty();
    assertThat(found.peers).containsOnlyKeys(ALICE);
  }

  @Test
  void aMachineWithoutNetworkSaysSo() {
    bobs.faces = List.of();
    assertThat(bob().problem()).hasValue("no network interface is up");
  }

  @Test
  void aNetworkThatTakesNothingIsReported() throws Exception {
    MdnsDiscovery bob = bob();
    bobs.failure = "Network is unreachable";
    bob.find(ServiceName.LIBP2P, new Found());
    assertThat(bob.problem()).hasValue("cannot send on lan: Network is unreachable");
  }

  @Test
  void aListenerThatThrowsDoesNotEndTheSearch() throws Exception {
    List<PeerId> found = new ArrayList<>();
    bob()
        .find(
            ServiceName.LIBP2P,
            (peer, _) -> {
              found.add(peer);
              throw new IllegalStateException("a fault of the listener");
            });
    sayOn("192.168.1.50", peer(), "/ip4/192.168.1.50/tcp/1");
    sayOn("192.168.1.51", peer(), "/ip4/192.168.1.51/tcp/1");
    assertThat(found).hasSize(2);
  }

  @Test
  void aNodeDoesNotFindItself() throws Exception {
    MdnsDiscovery alice = alice();
    Found found = new Found();
    alice.find(ServiceName.LIBP2P, found);
    alice.announce(ServiceName.LIBP2P);
    time.advance(Duration.ofMinutes(1));
    assertThat(found.calls).isZero();
  }

  @Test
  void addressesThatLeadElsewhereAreIgnored() throws Exception {
    Found found = new Found();
    bob().find(ServiceName.LIBP2P, found);
    PeerId mallory = peer();
    sayOn(
        "192.168.1.66",
        mallory,
        "/ip4/203.0.113.9/tcp/80", // somebody else on the internet
        "/ip4/127.0.0.1/tcp/22", // us
        "/ip4/0.0.0.0/tcp/22",
        "/ip4/224.0.0.1/tcp/1",
        "/ip6/fe80::1/tcp/1", // of which interface?
        "/dns4/example.com/tcp/443",
        "/ip4/192.168.1.66/tcp/1/p2p/" + ALICE + "/p2p-circuit",
        "/unix/tmp/socket");
    assertThat(found.calls).isZero();

    sayOn("192.168.1.66", mallory, "/ip4/203.0.113.9/tcp/80", "/ip4/192.168.1.66/tcp/1");
    assertThat(found.peers)
        .containsExactly(Map.entry(mallory, addresses("/ip4/192.168.1.66/tcp/1")));
  }

  @Test
  void theLoopbackIsGoodForPeersOfTheSameMachine() throws Exception {
    Face lo = Bus.face("lo", "127.0.0.1/8");
    bobs.faces = List.of(lo);
    Found found = new Found();
    bob().find(ServiceName.LIBP2P, found);
    alices.faces = List.of(lo);
    aliceListens = addresses("/ip4/127.0.0.1/tcp/1");
    alice().announce(ServiceName.LIBP2P);
    assertThat(found.peers).containsExactly(Map.entry(ALICE, aliceListens));
  }

  @Test
  void whoeverIsNotOnTheNetworkIsNotHeard() throws Exception {
    Found found = new Found();
    MdnsDiscovery bob = bob();
    bob.find(ServiceName.LIBP2P, found);
    bob.announce(ServiceName.LIBP2P);
    time.advance(Duration.ofMinutes(1));
    bus.takeSent();

    sayOn("203.0.113.9", peer(), "/ip4/192.168.1.66/tcp/1");
    bus.inject("lan", "203.0.113.9", DnsWriter.write(Instance.query(ServiceName.LIBP2P)));
    time.advance(Duration.ofSeconds(1));
    assertThat(found.calls).isZero();
    assertThat(bus.takeSent()).isEmpty();
  }

  @Test
  void anInstanceWithSeveralPeersIsTheFirstOne() throws Exception {
    Found found = new Found();
    bob().find(ServiceName.LIBP2P, found);
    PeerId first = peer();
    say(
        "192.168.1.66",
        "abc",
        List.of(
            "dnsaddr=/ip4/192.168.1.66/tcp/1", // nobody's
            "other=thing",
            "dnsaddr=/no/such/thing",
            "dnsaddr=/ip4/192.168.1.66/tcp/2/p2p/" + first,
            "dnsaddr=/ip4/192.168.1.66/tcp/3/p2p/" + peer()));
    assertThat(found.peers).containsExactly(Map.entry(first, addresses("/ip4/192.168.1.66/tcp/2")));
  }

  @Test
  void whoeverMakesPeersUpHidesNoOther() throws Exception {
    Found found = new Found();
    bob().find(ServiceName.LIBP2P, found);
    alice().announce(ServiceName.LIBP2P);
    for (int i = 0; i < 2 * FoundPeers.MAX_PEERS_OF_SOURCE; i++) {
      sayOn("192.168.1.66", peer(), "/ip4/192.168.1.66/tcp/1");
    }
    found.calls = 0;
    bob().announce(ServiceName.LIBP2P);
    time.advance(Duration.ofSeconds(2)); // Alice is heard again, and known
    assertThat(found.calls).isZero();
  }

  @Test
  void whoeverMakesAddressesUpHidesNoneThatThePeerSays() throws Exception {
    Found found = new Found();
    bob().find(ServiceName.LIBP2P, found);
    String[] madeUp =
        IntStream.rangeClosed(1, FoundPeers.MAX_ADDRESSES_OF_PEER)
            .mapToObj(port -> "/ip4/192.168.1.66/tcp/" + port)
            .toArray(String[]::new);
    sayOn("192.168.1.66", ALICE, madeUp);
    assertThat(found.peers.get(ALICE)).hasSize(FoundPeers.MAX_ADDRESSES_OF_PEER);

    alice().announce(ServiceName.LIBP2P);
    assertThat(found.peers.get(ALICE))
        .hasSize(FoundPeers.MAX_ADDRESSES_OF_PEER)
        .containsAll(aliceListens);
  }

  @Test
  void hostileBytesAreIgnored() throws Exception {
    MdnsDiscovery bob = bob();
    Found found = new Found();
    bob.find(ServiceName.LIBP2P, found);
    Random random = new Random(7);
    for (int i = 0; i < 1_000; i++) {
      byte[] bytes = new byte[random.nextInt(200)];
      random.nextBytes(bytes);
      bus.inject("lan", "192.168.1.66", bytes);
    }
    alice().announce(ServiceName.LIBP2P);
    assertThat(found.peers).containsOnlyKeys(ALICE);
  }

  // What the others send, written down from their sources

  @Test
  void anAnnouncementOfGoIsUnderstood() throws Exception {
    Found found = new Found();
    bob().find(ServiceName.LIBP2P, found);
    DnsName service = ServiceName.LIBP2P.question();
    DnsName instance = service.child("x1y2");
    DnsName host = DnsName.of("x1y2.local");
    hear(
        "192.168.1.66",
        new DnsMessage(
            true,
            List.of(),
            List.of(
                new ResourceRecord(instance, 3200, new Data.Service(4001, host)),
                new ResourceRecord(
                    instance,
                    3200,
                    new Data.Text(
                        texts(
                            ALICE, "/ip4/192.168.1.66/tcp/1", "/ip4/192.168.1.66/udp/1/quic-v1"))),
                new ResourceRecord(service, 3200, new Data.Pointer(instance)),
                new ResourceRecord(Instance.ALL_SERVICES, 3200, new Data.Pointer(service)),
                new ResourceRecord(host, 120, new Data.Address(Bus.ip("192.168.1.66")))),
            List.of()));
    assertThat(found.peers.get(ALICE)).hasSize(2);
  }

  @Test
  void rustWithANewNameInEachAnswerStaysOnePeer() throws Exception {
    Found found = new Found();
    bob().find(ServiceName.LIBP2P, found);
    for (String name : List.of("AbC1", "xYz2")) {
      DnsName service = ServiceName.LIBP2P.question();
      DnsName instance = service.child(name);
      hear(
          "192.168.1.66",
          new DnsMessage(
              true,
              List.of(),
              List.of(new ResourceRecord(service, 360, new Data.Pointer(instance))),
              List.of(
                  new ResourceRecord(
                      instance, 360, new Data.Text(texts(ALICE, "/ip4/192.168.1.66/tcp/1"))),
                  new ResourceRecord(
                      instance, 360, new Data.Text(texts(ALICE, "/ip4/127.0.0.1/tcp/1"))))));
    }
    assertThat(found.calls).isEqualTo(1);
  }

  private MdnsDiscovery alice() {
    return new MdnsDiscovery(ALICE, () -> aliceListens, time, new Random(1), alices::connect)
        .start();
  }

  private MdnsDiscovery bob() {
    return node(bobs, BOB, bobListens);
  }

  private MdnsDiscovery node(Machine machine, PeerId peer, List<Multiaddr> listens) {
    return new MdnsDiscovery(
            peer, () -> listens, time, new Random(peer.hashCode()), machine::connect)
        .start();
  }

  private static PeerId peer() {
    return PrivateKey.generate(KeyType.ED25519).peerId();
  }

  private static List<Multiaddr> addresses(String... texts) {
    return Arrays.stream(texts).map(Multiaddr::parse).toList();
  }

  private static List<String> texts(PeerId peer, String... addresses) {
    return Arrays.stream(addresses).map(text -> "dnsaddr=" + text + "/p2p/" + peer).toList();
  }

  private static Stream<String> strings(DnsMessage message) {
    return message
        .records()
        .flatMap(
            record ->
                record.data() instanceof Data.Text(var strings)
                    ? strings.stream()
                    : Stream.empty());
  }

  private static Question question() {
    return new Question(ServiceName.LIBP2P.question(), DnsMessage.TYPE_PTR);
  }

  private void ask(Question question, ResourceRecord... known) {
    hear("192.168.1.99", new DnsMessage(false, List.of(question), List.of(known), List.of()));
  }

  private void sayOn(String source, PeerId peer, String... addresses) {
    say(source, "n" + peer.hashCode(), texts(peer, addresses));
  }

  private void say(String source, String name, List<String> texts) {
    DnsName service = ServiceName.LIBP2P.question();
    DnsName instance = service.child(name);
    hear(
        source,
        new DnsMessage(
            true,
            List.of(),
            List.of(new ResourceRecord(service, 120, new Data.Pointer(instance))),
            List.of(new ResourceRecord(instance, 120, new Data.Text(texts)))));
  }

  private void hear(String source, DnsMessage message) {
    bus.inject("lan", source, DnsWriter.write(message));
  }

  private static final class Found implements PeerFound {
    final Map<PeerId, List<Multiaddr>> peers = new LinkedHashMap<>();
    int calls;

    @Override
    public void peerFound(PeerId peer, List<Multiaddr> addresses) {
      peers.put(peer, addresses);
      calls++;
    }
  }
}
