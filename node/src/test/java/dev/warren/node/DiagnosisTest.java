package dev.warren.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.libp2p.dht.DhtStats;
import dev.warren.libp2p.dht.Mode;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.nat.portmap.PortMapping;
import dev.warren.libp2p.nat.portmap.PortMappingState;
import dev.warren.libp2p.nat.reachability.NatFiltering;
import dev.warren.libp2p.nat.reachability.NatMapping;
import dev.warren.libp2p.nat.reachability.Reachability;
import dev.warren.libp2p.nat.reachability.Reachability.OfTransport;
import dev.warren.libp2p.nat.reachability.TransportKind;
import dev.warren.libp2p.nat.reachability.Verdict;
import dev.warren.node.Connectivity.Connections;
import dev.warren.node.Connectivity.Place;
import dev.warren.node.Connectivity.Relay;
import dev.warren.node.Diagnosis.Finding;
import dev.warren.node.Diagnosis.Grade;
import dev.warren.node.Diagnosis.Outlook;
import dev.warren.node.Diagnosis.Topic;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class DiagnosisTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final PeerId PEER =
      PeerId.parse("12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA");
  private static final Multiaddr HOME = Multiaddr.parse("/ip4/192.168.1.7/tcp/4001");
  private static final Place IPFS =
      new Place("DHT ipfs", true, 120, ", only asking", Optional.empty());
  private static final Relay RELAY =
      new Relay(
          PEER,
          Multiaddr.parse("/ip4/11.2.3.4/tcp/4001/p2p/" + PEER + "/p2p-circuit"),
          Optional.of(Duration.ofMillis(23)),
          NOW.plus(Duration.ofHours(1)));

  private List<Multiaddr> addresses = List.of(HOME);
  private boolean quic = true;
  private Connections connections = new Connections(3, 9, 0, 0);
  private Reachability reachability = bothWays(Verdict.PRIVATE, NatMapping.ENDPOINT_INDEPENDENT);
  private PortMappingState ports = new PortMappingState.NoRouter();
  private List<Relay> relays = List.of(RELAY);
  private List<Place> places = List.of(IPFS);
  private Instant clock = NOW;

  @Test
  void behindAnOrdinaryRouterHolesArePunched() {
    Diagnosis diagnosis = diagnose();
    assertThat(diagnosis.outlook()).isEqualTo(Outlook.PUNCHABLE);
    assertThat(diagnosis.problems()).isEmpty();
    assertThat(diagnosis.isSettled()).isTrue();
    assertThat(of(Topic.UDP).text()).contains("holes can be punched");
    assertThat(of(Topic.RELAYS).text()).contains("23 ms");
    assertThat(of(Topic.NETWORKS).text()).isEqualTo("DHT ipfs with 120 peers, only asking");
    assertThat(of(Topic.PORT_MAPPING).advice())
        .hasValueSatisfying(it -> assertThat(it).contains("port 4001"));
  }

  @Test
  void whoCanBeDialedNeedsNothing() {
    reachability = bothWays(Verdict.PUBLIC, NatMapping.NONE);
    relays = List.of();
    Diagnosis diagnosis = diagnose();
    assertThat(diagnosis.outlook()).isEqualTo(Outlook.REACHABLE);
    assertThat(diagnosis.findings()).noneMatch(it -> it.grade() == Grade.PROBLEM);
    assertThat(of(Topic.RELAYS).text()).isEqualTo("none, and none is needed");
  }

  @Test
  void aSymmetricRouterIsNamedWithWhatHelps() {
    reachability = bothWays(Verdict.PRIVATE, NatMapping.ADDRESS_DEPENDENT);
    assertThat(diagnose().outlook()).isEqualTo(Outlook.RELAYED);
    assertThat(of(Topic.UDP).grade()).isEqualTo(Grade.PROBLEM);
    assertThat(of(Topic.UDP).text()).contains("symmetric NAT");
    assertThat(of(Topic.UDP).advice().orElseThrow()).contains("UPnP", "4001");
  }

  @Test
  void withoutARelayNobodyComesIn() {
    relays = List.of();
    Diagnosis diagnosis = diagnose();
    assertThat(diagnosis.outlook()).isEqualTo(Outlook.OUTGOING_ONLY);
    assertThat(diagnosis.isSettled()).isFalse();
    assertThat(of(Topic.RELAYS).grade()).isEqualTo(Grade.PROBLEM);
  }

  @Test
  void silenceOverUdpIsNoticed() {
    reachability =
        new Reachability(
            Map.of(TransportKind.TCP, transport(Verdict.PRIVATE, NatMapping.ENDPOINT_INDEPENDENT)),
            List.of(),
            Optional.empty(),
            Optional.empty());
    connections = new Connections(8, 0, 0, 5);
    diagnose();
    assertThat(of(Topic.UDP).grade()).isEqualTo(Grade.PROBLEM);
    assertThat(of(Topic.UDP).text()).startsWith("blocked");
    connections = new Connections(8, 0, 0, 2);
    assertThat(of(Topic.UDP).grade()).as("others have TCP alone").isEqualTo(Grade.NOTE);
    connections = new Connections(8, 0, 0, 5);
    reachability = bothWays(Verdict.PRIVATE, NatMapping.ENDPOINT_INDEPENDENT);
    assertThat(of(Topic.UDP).text()).as("some have seen us").contains("holes can be punched");
  }

  @Test
  void withoutALibraryThereIsTcpAlone() {
    quic = false;
    assertThat(of(Topic.UDP).text()).contains("no QUIC library");
    assertThat(of(Topic.UDP).grade()).isEqualTo(Grade.NOTE);
  }

  @Test
  void aRouterBehindARouterIsNoticed() {
    ports = mapped("192.168.100.2");
    assertThat(of(Topic.PORT_MAPPING).grade()).isEqualTo(Grade.PROBLEM);
    assertThat(of(Topic.PORT_MAPPING).text()).contains("behind another one");
    ports = mapped("11.9.8.7");
    assertThat(of(Topic.PORT_MAPPING).grade()).isEqualTo(Grade.GOOD);
    assertThat(of(Topic.PORT_MAPPING).text()).isEqualTo("by UPnP, TCP port 4001 is 11.9.8.7:4001");
  }

  @Test
  void onePortOfTwoIsHalfOfIt() {
    var mapped = (PortMappingState.Mapped) mapped("11.9.8.7");
    ports =
        new PortMappingState.Mapped(
            mapped.protocol(), mapped.mappings(), Optional.of("the router refuses: no room"));
    assertThat(of(Topic.PORT_MAPPING).grade()).isEqualTo(Grade.NOTE);
    assertThat(of(Topic.PORT_MAPPING).text()).contains("11.9.8.7:4001", "no room");
    ports = new PortMappingState.Mapped("PCP", List.of(), Optional.empty());
    assertThat(of(Topic.PORT_MAPPING).grade()).as("nothing is not good").isEqualTo(Grade.NOTE);
  }

  @Test
  void aNetworkThatDoesNotAnswerIsAProblem() {
    places = List.of(new Place("DHT ipfs", true, 0, "", Optional.of("no peer")));
    assertThat(diagnose().outlook()).isEqualTo(Outlook.LOCAL);
    assertThat(of(Topic.NETWORKS).grade()).isEqualTo(Grade.PROBLEM);
    assertThat(of(Topic.NETWORKS).advice().orElseThrow()).contains("--bootstrap");
  }

  @Test
  void aNetworkInWhichHardlyAnybodyAnswersIsAProblem() {
    places = List.of(place(20, 3));
    assertThat(of(Topic.NETWORKS).grade()).isEqualTo(Grade.PROBLEM);
    assertThat(of(Topic.NETWORKS).text())
        .isEqualTo("DHT ipfs with 7 peers: of 20 questions 3 were answered");
    places = List.of(place(19, 3));
    assertThat(of(Topic.NETWORKS).grade()).as("that is too few to tell").isEqualTo(Grade.GOOD);
    places = List.of(place(20, 4));
    assertThat(of(Topic.NETWORKS).grade()).as("many are gone").isEqualTo(Grade.GOOD);
  }

  private static Place place(long questions, long answers) {
    var stats =
        new DhtStats(
            "/ipfs/kad/1.0.0",
            Mode.CLIENT,
            7,
            OptionalLong.empty(),
            0,
            0,
            0,
            0,
            0,
            questions,
            answers);
    return new Place("DHT ipfs", true, 7, "", DhtRendezvous.problem(stats));
  }

  @Test
  void whoWishesTheLocalNetworkAloneHasNoProblem() {
    places = List.of(new Place("LAN", false, 0, "", Optional.empty()));
    relays = List.of();
    reachability = Reachability.UNKNOWN;
    Diagnosis diagnosis = diagnose();
    assertThat(diagnosis.outlook()).isEqualTo(Outlook.LOCAL);
    assertThat(diagnosis.problems()).isEmpty();
    assertThat(diagnosis.isSettled()).isTrue();
  }

  @Test
  void aComputerWithoutNetworkIsOffline() {
    addresses = List.of(Multiaddr.parse("/ip4/127.0.0.1/tcp/4001"));
    assertThat(diagnose().outlook()).isEqualTo(Outlook.OFFLINE);
    assertThat(of(Topic.ADDRESSES).grade()).isEqualTo(Grade.PROBLEM);
  }

  @Test
  void aClockThatDiffersFromTheRelaysIsNoticed() {
    assertThat(of(Topic.CLOCK).grade()).isEqualTo(Grade.GOOD);
    clock = NOW.plus(Duration.ofHours(2));
    assertThat(of(Topic.CLOCK).grade()).isEqualTo(Grade.PROBLEM);
    clock = NOW.minus(Duration.ofDays(2));
    assertThat(of(Topic.CLOCK).grade()).isEqualTo(Grade.PROBLEM);
    clock = NOW;
    relays = List.of(RELAY, expiring(NOW.minus(Duration.ofDays(3))));
    assertThat(of(Topic.CLOCK).grade()).as("it may be the relay's").isEqualTo(Grade.GOOD);
    relays = List.of(expiring(Instant.parse("9999-12-31T23:59:59Z")));
    assertThat(of(Topic.CLOCK).grade()).as("that is no moment").isEqualTo(Grade.GOOD);
    relays = List.of();
    clock = Instant.EPOCH;
    assertThat(of(Topic.CLOCK).grade()).isEqualTo(Grade.PROBLEM);
  }

  private static Relay expiring(Instant end) {
    return new Relay(RELAY.peer(), RELAY.address(), RELAY.roundTrip(), end);
  }

  private Diagnosis diagnose() {
    return Diagnosis.of(
        new Connectivity(
            addresses, quic, connections, reachability, Optional.of(ports), relays, places),
        clock);
  }

  private Finding of(Topic topic) {
    return diagnose().findings().stream()
        .filter(it -> it.topic() == topic)
        .findFirst()
        .orElseThrow();
  }

  private static Reachability bothWays(Verdict verdict, NatMapping mapping) {
    return new Reachability(
        Map.of(
            TransportKind.TCP, transport(verdict, mapping),
            TransportKind.QUIC, transport(verdict, mapping)),
        List.of(),
        Optional.empty(),
        Optional.empty());
  }

  private static OfTransport transport(Verdict verdict, NatMapping mapping) {
    return new OfTransport(verdict, mapping, NatFiltering.UNKNOWN);
  }

  private static PortMappingState mapped(String external) {
    return new PortMappingState.Mapped(
        "UPnP",
        List.of(
            new PortMapping(
                PortMapping.Kind.TCP,
                4001,
                new InetSocketAddress(InetAddress.ofLiteral(external), 4001),
                Duration.ofHours(1))),
        Optional.empty());
  }
}
