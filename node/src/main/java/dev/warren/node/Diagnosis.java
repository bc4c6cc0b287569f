package dev.warren.node;

import dev.warren.libp2p.multiformats.IpRanges;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.nat.portmap.PortMapping;
import dev.warren.libp2p.nat.portmap.PortMappingState;
import dev.warren.libp2p.nat.reachability.NatMapping;
import dev.warren.libp2p.nat.reachability.Reachability;
import dev.warren.libp2p.nat.reachability.TransportKind;
import dev.warren.libp2p.nat.reachability.Verdict;
import dev.warren.node.Connectivity.Place;
import dev.warren.node.Connectivity.Relay;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/** What the {@link Connectivity} of a node means to the person who runs it. */
public final class Diagnosis {
  /** Peers who listen for QUIC and were reached over TCP: fewer may have answered late. */
  private static final int ENOUGH_PEERS = 4;

  /** No relay gives places for longer. */
  private static final Duration LONGEST_PLACE = Duration.ofHours(25);

  private static final Instant FIRST_RELEASE = Instant.parse("2026-01-01T00:00:00Z");

  /** One implementation tells the end of a place in nanoseconds, which is no moment at all. */
  private static final Instant NO_MOMENT = Instant.parse("2200-01-01T00:00:00Z");

  private static final String FORWARD =
      "Switch UPnP on in the router, or have it forward TCP and UDP port %d to this computer.";

  private final Connectivity found;
  private final Instant now;
  private final List<Finding> findings = new ArrayList<>();

  /** What can be expected. */
  public enum Outlook {
    REACHABLE("Others connect to this computer directly."),
    PUNCHABLE(
        "Others meet this computer at a relay first, and then mostly get a direct connection."),
    RELAYED(
        "Who can be reached directly is connected directly; with others all goes through a relay."),
    OUTGOING_ONLY(
        "This computer reaches others who can be reached; over the internet nobody"
            + " reaches it."),
    LOCAL("This computer finds others, and is found, in the local network only."),
    OFFLINE("This computer is connected to nothing.");

    private final String sentence;

    Outlook(String sentence) {
      this.sentence = sentence;
    }

    /** For people. */
    public String sentence() {
      return sentence;
    }
  }

  /** What a finding is about. */
  public enum Topic {
    ADDRESSES("Addresses"),
    TCP("TCP"),
    UDP("UDP"),
    IPV6("IPv6"),
    PORT_MAPPING("Port mapping"),
    RELAYS("Relays"),
    NETWORKS("Networks"),
    CLOCK("Clock");

    private final String title;

    Topic(String title) {
      this.title = title;
    }

    /** For people. */
    public String title() {
      return title;
    }
  }

  /** How bad it is. */
  public enum Grade {
    GOOD,
    /** It could be better, and matters little or is not known yet. */
    NOTE,
    PROBLEM
  }

  /**
   * One thing that was found.
   *
   * @param text without a full stop
   * @param advice what to do, a sentence
   */
  public record Finding(Topic topic, Grade grade, String text, Optional<String> advice) {}

  private Diagnosis(Connectivity found, Instant now) {
    this.found = found;
    this.now = now;
    addresses();
    tcp();
    udp();
    ipv6();
    portMapping();
    relays();
    networks();
    clock();
  }

  /** Looks at what a node knows. */
  public static Diagnosis of(Connectivity connectivity, Instant now) {
    return new Diagnosis(connectivity, now);
  }

  /** All that was found, in the order of the topics. */
  public List<Finding> findings() {
    return List.copyOf(findings);
  }

  /** What something should be done about. */
  public List<Finding> problems() {
    return findings.stream().filter(it -> it.grade() == Grade.PROBLEM).toList();
  }

  /** What can be expected. */
  public Outlook outlook() {
    if (!isInNetwork()) {
      return Outlook.OFFLINE;
    }
    if (!isOnline()) {
      return Outlook.LOCAL;
    }
    if (reachability().verdict() == Verdict.PUBLIC) {
      return Outlook.REACHABLE;
    }
    if (found.relays().isEmpty()) {
      return Outlook.OUTGOING_ONLY;
    }
    boolean symmetric = isSymmetric(TransportKind.TCP) && isSymmetric(TransportKind.QUIC);
    return symmetric ? Outlook.RELAYED : Outlook.PUNCHABLE;
  }

  /** Whether more time would hardly bring more to light. */
  public boolean isSettled() {
    boolean known =
        reachability().of(TransportKind.TCP).verdict() != Verdict.UNKNOWN
            && (!found.quic()
                || reachability().of(TransportKind.QUIC).verdict() != Verdict.UNKNOWN);
    boolean searching =
        found.portMapping().filter(PortMappingState.Searching.class::isInstance).isPresent();
    boolean reachable = reachability().verdict() == Verdict.PUBLIC || !found.relays().isEmpty();
    return internet().isEmpty() || (known && !searching && reachable);
  }

  private Reachability reachability() {
    return found.reachability();
  }

  private List<Place> internet() {
    return found.places().stream().filter(Place::ofInternet).toList();
  }

  private boolean isOnline() {
    return internet().stream().anyMatch(place -> place.peers() > 0);
  }

  private boolean isInNetwork() {
    return ips().stream().anyMatch(ip -> !ip.isLoopbackAddress());
  }

  private List<InetAddress> ips() {
    return found.addresses().stream()
        .filter(address -> !address.isCircuit())
        .map(Multiaddr::ip)
        .flatMap(Optional::stream)
        .distinct()
        .toList();
  }

  private boolean isSymmetric(TransportKind kind) {
    return reachability().of(kind).mapping() == NatMapping.ADDRESS_DEPENDENT;
  }

  private void add(Topic topic, Grade grade, String text) {
    findings.add(new Finding(topic, grade, text, Optional.empty()));
  }

  private void add(Topic topic, Grade grade, String text, String advice) {
    findings.add(new Finding(topic, grade, text, Optional.of(advice)));
  }

  private void addresses() {
    if (!isInNetwork()) {
      add(
          Topic.ADDRESSES,
          Grade.PROBLEM,
          "this computer is in no network",
          "Connect it, by cable or Wi-Fi.");
      return;
    }
    String local =
        ips().stream()
            .filter(ip -> !ip.isLoopbackAddress())
            .map(InetAddress::getHostAddress)
            .collect(Collectors.joining(", "));
    String seen =
        reachability()
            .ip4()
            .filter(ip -> !ips().contains(ip))
            .map(ip -> "; others see " + ip.getHostAddress())
            .orElse("");
    add(Topic.ADDRESSES, Grade.GOOD, local + seen);
  }

  private void tcp() {
    transport(Topic.TCP, TransportKind.TCP);
  }

  private void udp() {
    if (!found.quic()) {
      add(
          Topic.UDP,
          Grade.NOTE,
          "not used: there is no QUIC library for this system",
          "Direct connections are made over TCP, which routers let through less often.");
      return;
    }
    Reachability.OfTransport known = reachability().of(TransportKind.QUIC);
    boolean silent =
        found.connections().withoutQuic() >= ENOUGH_PEERS
            && found.connections().quic() == 0
            && known.mapping() == NatMapping.UNKNOWN // whoever has seen us need not stay
            && known.verdict() != Verdict.PUBLIC;
    if (silent) {
      add(
          Topic.UDP,
          Grade.PROBLEM,
          "blocked, as it seems: of %d peers who listen there, none was reached"
              .formatted(found.connections().withoutQuic()),
          "Let the firewall pass outgoing UDP; most direct connections come about by it.");
      return;
    }
    transport(Topic.UDP, TransportKind.QUIC);
  }

  private void transport(Topic topic, TransportKind kind) {
    Reachability.OfTransport known = reachability().of(kind);
    switch (known.verdict()) {
      case PUBLIC -> add(topic, Grade.GOOD, "others can dial this computer");
      case PRIVATE -> {
        if (isSymmetric(kind)) {
          add(
              topic,
              Grade.PROBLEM,
              "the router uses another port for each peer (symmetric NAT), so that no hole can be"
                  + " punched",
              FORWARD.formatted(port()));
        } else {
          add(topic, Grade.NOTE, router(known.mapping()));
        }
      }
      case UNKNOWN ->
          add(
              topic,
              Grade.NOTE,
              isOnline() ? "nobody has found out yet who can dial this computer" : "not known");
    }
  }

  private static String router(NatMapping mapping) {
    return switch (mapping) {
      case NONE -> "a firewall lets in only who was dialed; holes can be punched";
      case ENDPOINT_INDEPENDENT -> "the router lets in only who was dialed; holes can be punched";
      case ADDRESS_DEPENDENT, UNKNOWN -> "nobody is let in who was not dialed";
    };
  }

  private void ipv6() {
    boolean any =
        ips().stream().anyMatch(ip -> ip instanceof Inet6Address && IpRanges.isPublic(ip));
    add(
        Topic.IPV6,
        any ? Grade.GOOD : Grade.NOTE,
        any ? "there" : "none of the internet; IPv4 does it too");
  }

  private void portMapping() {
    Optional<PortMappingState> state = found.portMapping();
    if (state.isEmpty()) {
      add(Topic.PORT_MAPPING, Grade.NOTE, "not asked for");
      return;
    }
    switch (state.get()) {
      case PortMappingState.Searching() ->
          add(Topic.PORT_MAPPING, Grade.NOTE, "still looking for a router that does it");
      case PortMappingState.NoRouter() -> missingPort("no router here does it");
      case PortMappingState.Refused(String reason) -> missingPort(reason);
      case PortMappingState.Mapped(
              String protocol,
              List<PortMapping> mappings,
              Optional<String> refusal) ->
          mapped(protocol, mappings, refusal);
    }
  }

  private void missingPort(String text) {
    if (reachability().verdict() == Verdict.PUBLIC) {
      add(Topic.PORT_MAPPING, Grade.GOOD, text + "; it is not needed");
    } else {
      add(Topic.PORT_MAPPING, Grade.NOTE, text, FORWARD.formatted(port()));
    }
  }

  private void mapped(String protocol, List<PortMapping> mappings, Optional<String> refusal) {
    if (mappings.isEmpty()) {
      add(Topic.PORT_MAPPING, Grade.NOTE, "by " + protocol + ", and there is no port to map yet");
      return;
    }
    String text =
        mappings.stream()
            .map(
                it ->
                    "%s port %d is %s:%d"
                        .formatted(
                            it.kind(),
                            it.internalPort(),
                            it.external().getAddress().getHostAddress(),
                            it.externalPort()))
            .collect(Collectors.joining(", ", "by " + protocol + ", ", ""));
    boolean isPublic =
        mappings.stream().allMatch(it -> IpRanges.isPublic(it.external().getAddress()));
    if (isPublic && refusal.isPresent()) {
      missingPort(text + "; of the other port " + refusal.get());
    } else if (isPublic) {
      add(Topic.PORT_MAPPING, Grade.GOOD, text);
    } else {
      add(
          Topic.PORT_MAPPING,
          Grade.PROBLEM,
          text + ", which is no address of the internet: the router is behind another one",
          "Where that is a second router of your own, make it a bridge. Where it is the"
              + " provider's, ask for a public IPv4 address.");
    }
  }

  private void relays() {
    if (!found.relays().isEmpty()) {
      String text = found.relays().stream().map(Diagnosis::relay).collect(Collectors.joining(", "));
      add(Topic.RELAYS, Grade.GOOD, text);
    } else if (reachability().verdict() == Verdict.PUBLIC) {
      add(Topic.RELAYS, Grade.GOOD, "none, and none is needed");
    } else if (isOnline()) {
      add(
          Topic.RELAYS,
          Grade.PROBLEM,
          "none has a place for this computer",
          "Try again in a minute. A relay of your own is 'warren relay' on a server, named under"
              + " 'relays' in the file of the network.");
    } else {
      add(Topic.RELAYS, Grade.NOTE, "none looked for, without the internet");
    }
  }

  private static String relay(Relay relay) {
    String id = relay.peer().toString();
    return "…"
        + id.substring(id.length() - 8)
        + relay.roundTrip().map(time -> " in " + time.toMillis() + " ms").orElse(" (silent)");
  }

  private void networks() {
    for (Place place : found.places()) {
      if (place.peers() > 0 && place.problem().isPresent()) {
        add(
            Topic.NETWORKS,
            Grade.PROBLEM,
            "%s with %d peers: %s".formatted(place.name(), place.peers(), place.problem().get()),
            "Check the connection to the internet; a router or firewall may limit how many"
                + " connections there are at once.");
      } else if (place.peers() > 0) {
        add(
            Topic.NETWORKS,
            Grade.GOOD,
            "%s with %d peers%s".formatted(place.name(), place.peers(), place.detail()));
      } else if (place.ofInternet()) {
        add(
            Topic.NETWORKS,
            Grade.PROBLEM,
            place.name() + ": nobody answers",
            "Check that the internet works here, and that no firewall blocks what goes out."
                + " --bootstrap names another node to begin with.");
      } else {
        Grade grade = place.problem().isPresent() ? Grade.NOTE : Grade.GOOD;
        add(Topic.NETWORKS, grade, place.name() + place.problem().map(it -> ": " + it).orElse(""));
      }
    }
    if (internet().isEmpty()) {
      add(Topic.NETWORKS, Grade.NOTE, "none of the internet, as was wished");
    }
  }

  private void clock() {
    List<Duration> left =
        found.relays().stream()
            .map(Relay::expires)
            .filter(NO_MOMENT::isAfter)
            .map(expires -> Duration.between(now, expires))
            .toList();
    boolean odd =
        now.isBefore(FIRST_RELEASE)
            || (!left.isEmpty()
                && left.stream()
                    .allMatch(it -> it.isNegative() || it.compareTo(LONGEST_PLACE) > 0));
    if (odd) {
      add(
          Topic.CLOCK,
          Grade.PROBLEM,
          "wrong, as it seems: it is not " + now,
          "Let the system set it by the network; what expires here would do so at a wrong time.");
    } else {
      add(Topic.CLOCK, Grade.GOOD, "right, as far as can be told from here");
    }
  }

  private int port() {
    return found.addresses().stream()
        .filter(address -> !address.isCircuit())
        .map(Multiaddr::port)
        .filter(OptionalInt::isPresent)
        .map(OptionalInt::getAsInt)
        .findFirst()
        .orElse(4001);
  }
}
