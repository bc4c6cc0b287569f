package dev.warren.libp2p.discovery;

import dev.warren.libp2p.discovery.DnsMessage.Data;
import dev.warren.libp2p.discovery.DnsMessage.Question;
import dev.warren.libp2p.discovery.DnsMessage.ResourceRecord;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.Multiaddr;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What this node says of itself as an instance of services (specs, discovery/mdns, "Response").
 *
 * @param name the random name of the node, which says nothing
 * @param peer its id
 */
record Instance(String name, PeerId peer) {
  /** Of all that we send. */
  static final long TTL_SECONDS = 120;

  /** The question that finds out which services there are (RFC 6763, 9). */
  static final DnsName ALL_SERVICES = DnsName.of("_services._dns-sd._udp.local");

  /**
   * With the names around them this fits a packet of 1,280 bytes, which every IPv6 link carries.
   */
  private static final int MAX_ADDRESS_BYTES = 700;

  private static final int MAX_STRING_BYTES = 255;

  private DnsName of(ServiceName service) {
    return service.type().child(name);
  }

  private DnsName host() {
    return DnsName.of("p2p.local").child(name);
  }

  /** Whether a question about a service can be answered with {@link #announcement}. */
  boolean answers(Question question, ServiceName service) {
    DnsName asked = question.name();
    // Tools such as avahi-browse ask again for what they were told beside the answer.
    return asked.equals(service.question())
        ? question.asksFor(DnsMessage.TYPE_PTR)
        : asked.equals(of(service)) || asked.equals(host());
  }

  /** Whether whoever asks knows of this instance, and for long enough (RFC 6762, 7.1). */
  boolean isKnown(DnsMessage query, ServiceName service) {
    return query.answers().stream()
        .anyMatch(
            known ->
                known.name().equals(service.question())
                    && known.ttlSeconds() >= TTL_SECONDS / 2
                    && known.data().equals(new Data.Pointer(of(service))));
  }

  /**
   * The messages that announce a service, or answer whoever asks for it, on one interface. Each can
   * be understood alone, because some take notice of the first one only.
   *
   * <p>The address and service records are for go, which without them drops all the rest; the texts
   * are in one record, of which go reads the last.
   */
  List<DnsMessage> announcement(ServiceName service, Face face, List<Multiaddr> addresses) {
    List<Multiaddr> reachable = reachable(face, addresses);
    List<List<String>> parts = new ArrayList<>();
    int room = 0;
    for (Multiaddr address : reachable) {
      String text = Sighting.ADDRESS_PREFIX + address.withPeer(peer.toString());
      if (text.length() <= MAX_STRING_BYTES) {
        if (text.length() > room) {
          parts.add(new ArrayList<>());
          room = MAX_ADDRESS_BYTES;
        }
        parts.getLast().add(text);
        room -= text.length();
      }
    }
    ResourceRecord pointer = pointer(service, TTL_SECONDS);
    int port = reachable.isEmpty() ? 0 : reachable.getFirst().port().orElse(0);
    return parts.stream()
        .map(
            texts ->
                response(
                    List.of(pointer),
                    Stream.concat(
                            Stream.of(
                                record(of(service), new Data.Service(port, host())),
                                record(of(service), new Data.Text(texts))),
                            ips(reachable).map(ip -> record(host(), new Data.Address(ip))))
                        .toList()))
        .toList();
  }

  /** The message that ends what was announced (RFC 6762, 10.1). */
  DnsMessage goodbye(ServiceName service) {
    return response(List.of(pointer(service, 0)), List.of());
  }

  /** The answer to {@link #ALL_SERVICES}, of one service. */
  static DnsMessage type(ServiceName service) {
    Data.Pointer type = new Data.Pointer(service.type());
    return response(List.of(record(ALL_SERVICES, type)), List.of());
  }

  /** The question for a service; its only question, since js looks at no other than the first. */
  static DnsMessage query(ServiceName service) {
    Question question = new Question(service.question(), DnsMessage.TYPE_PTR);
    return new DnsMessage(false, List.of(question), List.of(), List.of());
  }

  /** What neighbours on this interface can dial: its own addresses, and nothing relayed. */
  static List<Multiaddr> reachable(Face face, List<Multiaddr> addresses) {
    return addresses.stream()
        .filter(address -> address.ip().filter(face::has).isPresent() && !address.isCircuit())
        // These mean nothing without the zone, which has another name with each neighbour.
        .filter(address -> !isZoned(address.ip().orElseThrow()))
        .map(Multiaddr::withoutPeer)
        .distinct()
        .limit(FoundPeers.MAX_ADDRESSES_OF_PEER)
        .toList();
  }

  static boolean isZoned(InetAddress ip) {
    return ip instanceof Inet6Address && ip.isLinkLocalAddress();
  }

  /** At most one of each family. */
  private static Stream<InetAddress> ips(List<Multiaddr> addresses) {
    List<InetAddress> all = addresses.stream().flatMap(address -> address.ip().stream()).toList();
    return Stream.concat(
        all.stream().filter(Inet4Address.class::isInstance).limit(1),
        all.stream().filter(Inet6Address.class::isInstance).limit(1));
  }

  private ResourceRecord pointer(ServiceName service, long ttlSeconds) {
    return new ResourceRecord(service.question(), ttlSeconds, new Data.Pointer(of(service)));
  }

  private static ResourceRecord record(DnsName name, Data data) {
    return new ResourceRecord(name, TTL_SECONDS, data);
  }

  private static DnsMessage response(
      List<ResourceRecord> answers, List<ResourceRecord> additionals) {
    return new DnsMessage(true, List.of(), answers, additionals);
  }
}
